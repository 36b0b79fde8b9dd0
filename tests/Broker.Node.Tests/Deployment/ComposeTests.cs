using System.Text.RegularExpressions;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Deployment;

/// <summary>docker-compose.cluster.yml and cluster-config/haproxy.cfg, held against each other and against the node.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Compose = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.cluster.yml"));
    private static readonly string Haproxy = File.ReadAllText(Path.Combine(Repository.Root, "cluster-config", "haproxy.cfg"));

    [Fact]
    public void Settings_AreOnesThatTheNodeKnows()
    {
        var settings = Setting().Matches(Compose).Select(match => (match.Groups["name"].Value, match.Groups["value"].Value)).DistinctBy(one => one.Item1).ToArray();

        settings.Length.ShouldBeGreaterThan(8);
        SettingsOf.Environment(settings).ShouldBeEmpty();
    }

    [Fact]
    public void Haproxy_LeadsToEveryNodeAtItsPortForIt()
    {
        var nodes = Node().Matches(Compose).Select(match => match.Groups["name"].Value).ToArray();

        nodes.Length.ShouldBe(3);
        Server().Matches(Haproxy).Select(match => (match.Groups["name"].Value, match.Groups["port"].Value)).ShouldBe(nodes.Select(node => (node, "9773")));
        Compose.ShouldContain("Broker__Listeners__1__Url: http://0.0.0.0:9773\n  Broker__Listeners__1__Proxy: ProxyProtocol", Case.Sensitive);
    }

    [Fact]
    public void Nothing_ButHaproxyIsPublished()
    {
        Ports().Matches(Compose).Select(match => match.Groups["ports"].Value).ShouldBe(["[\"127.0.0.1:9772:9772\"]"]);
        Compose.ShouldContain("./cluster-config/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro", Case.Sensitive);
    }

    [GeneratedRegex(@"^ +(?<name>Broker__\w+): (?<value>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^  (?<name>node\d+):$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Node();

    [GeneratedRegex(@"^    server (?<name>\w+) \w+:(?<port>\d+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Server();

    [GeneratedRegex(@"^ +ports: (?<ports>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Ports();
}
