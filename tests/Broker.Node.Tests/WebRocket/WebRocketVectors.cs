using Broker.Node.Tests.Cluster;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.WebRocket;

/// <summary>The protocol's tables of vectors, each over sockets of its own.</summary>
public abstract class WebRocketVectors
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Broker.Node.Tests", "WebRocket", "Vectors");

    private static readonly Dictionary<string, string[]> All =
        new(new[] { "v1", "v2" }.SelectMany(version => Read(version)), StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Vector(string name)
    {
        await using var transcript = new WireTranscript(All[name], await ServerAsync());
        await transcript.PlayAsync();
    }

    /// <summary>What they run against.</summary>
    private protected abstract Task<ServerUnderTest> ServerAsync();

    private static IEnumerable<KeyValuePair<string, string[]>> Read(string version) =>
        File.ReadAllText(Path.Combine(Folder, version + ".txt")).Split("\n== ").Skip(1).Select(vector => vector.Split('\n'))
            .Select(lines => KeyValuePair.Create($"{version} {lines[0]}", lines[1..]));
}
