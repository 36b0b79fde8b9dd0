using Broker.TestKit.Dialects;

namespace Broker.Actors.Tests.Dialects;

public sealed class TranscriptTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Dialects", "Transcripts");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Play(string name) =>
        await new Transcript(await File.ReadAllLinesAsync(Path.Combine(Folder, name + ".txt"))).PlayAsync();
}
