using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Cluster;

/// <summary>The dialects' transcripts over real sockets.</summary>
/// <param name="where">Against what.</param>
/// <param name="shared">The cluster; null against a node.</param>
public abstract class TranscriptsOverTheWire(Where where, SharedCluster? shared)
{
    // Who says without a proof who it is, is believed by the app "demo" of a node on loopback only.
    private static readonly string[] NotOverTheWire = ["native-presence"];

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Broker.Actors.Tests", "Dialects", "Transcripts");

    public static TheoryData<string> Names =>
    [
        .. Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Except(NotOverTheWire).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Play(string name)
    {
        await using var server = await ServerUnderTest.StartAsync(where, shared);
        await using var transcript = new WireTranscript(await File.ReadAllLinesAsync(Path.Combine(Folder, name + ".txt")), server);
        await transcript.PlayAsync();
    }
}
