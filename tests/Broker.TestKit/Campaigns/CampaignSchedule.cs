using System.Globalization;
using Broker.TestKit.Deployments;
using Broker.TestKit.Proxies;
using Broker.TestKit.Servers;

namespace Broker.TestKit.Campaigns;

/// <summary>What befalls real servers in an episode: drawn from its seed, a rolling restart of all nodes, or an outage of what they need.</summary>
internal sealed class CampaignSchedule(Random random, DeployedCluster deployment, IReadOnlyList<CampaignPlace> places, int nodes)
{
    private const long BeginMs = 2_000;
    private const long SpanMs = 7_000;

    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(600)];

    private readonly List<CampaignFault> _faults = [];
    private readonly HashSet<object> _taken = [];

    /// <summary>By time.</summary>
    public IReadOnlyList<CampaignFault> Faults => [.. _faults.OrderBy(fault => fault.AtMs)];

    /// <summary>One fault in half of the episodes, else up to four, one after the other or at once.</summary>
    public void Draw()
    {
        for (var count = random.NextDouble() < 0.5 ? 1 : random.Next(2, 5); count > 0; count--)
        {
            DrawOne(BeginMs + Between(0, SpanMs));
        }
    }

    /// <summary>Each node leaves in its turn, is started again, and is ready before the next one leaves.</summary>
    public void RollingRestart(CancellationToken cancellationToken)
    {
        Add(BeginMs, "all nodes are restarted, one after the other", async () =>
        {
            foreach (var place in places.Take(nodes))
            {
                await place.LeaveAsync();
                await place.StartAsync();
                await deployment.WaitUntilReadyAsync(cancellationToken);
            }
        });
    }

    /// <summary>
    /// All nodes are cut from both servers, as when these are restarted together; who is back first sees the others looking dead, for less
    /// than they are waited for.
    /// </summary>
    public void Outage()
    {
        var atMs = BeginMs + Between(0, 2_000);
        var forMs = Between(200, random.NextDouble() < 0.7 ? 3_000 : 12_000);
        foreach (var place in places.Take(nodes))
        {
            CutFromBoth(atMs + Between(0, 100), place, forMs + Between(0, 1_500));
        }
    }

    private void DrawOne(long atMs)
    {
        var place = places[random.Next(nodes)];
        var name = place.Node.Name;
        switch (random.Next(19))
        {
            case 0 or 1 or 2: Crash(atMs, place); break;
            case 3: Span(atMs, Between(100, 3_000), $"{name} stands still", place.FreezeAsync, place.ThawAsync); break;
            case 4 or 5: Span(atMs, Between(5_500, 9_000), $"{name} stands still", place.FreezeAsync, place.ThawAsync); break;
            case 6: Leave(atMs, place); break;
            case 7: Harm(atMs, Between(300, 7_000), place, place.Node.Bus!, $"{name} is cut from RabbitMQ", way => way.Cut()); break;
            case 8: HalfOpen(atMs, place, place.Node.Bus!, "RabbitMQ"); break;
            case 9: Slow(atMs, place, place.Node.Bus!, "RabbitMQ"); break;
            case 10: Add(atMs, $"{name}'s connections to RabbitMQ break", () => place.BreakAsync(place.Node.Bus!)); break;
            case 11: Harm(atMs, Between(300, 8_000), place, place.Node.Authority!, $"{name} is cut from PostgreSQL", way => way.Cut()); break;
            case 12: HalfOpen(atMs, place, place.Node.Authority!, "PostgreSQL"); break;
            case 13: Slow(atMs, place, place.Node.Authority!, "PostgreSQL"); break;
            case 14: CutFromBoth(atMs, place, Between(500, 8_000)); break;
            case 15 when Takes(deployment.PostgreSql): PostgreSqlAway(atMs, deployment.PostgreSql); break;
            case 16 when Takes(deployment.RabbitMqNodes): RabbitMqAway(atMs); break;
            case 17 when random.NextDouble() < 0.5 && Takes(deployment.PostgreSql):
                Span(
                    atMs, Between(300, 4_000), "PostgreSQL stands still",
                    async () => { await LoseAuthorityAsync(); await deployment.PostgreSql.PauseAsync(); },
                    async () => { await deployment.PostgreSql.ResumeAsync(); await FindAuthorityAsync(); });
                break;
            case 17 when Takes(deployment.RabbitMqNodes): RabbitMqStandsStill(atMs); break;
            default: Add(atMs, $"{places[^1].Node.Name} joins", places[^1].StartAsync); break;
        }
    }

    private void Crash(long atMs, CampaignPlace place)
    {
        Add(atMs, $"{place.Node.Name} is killed", place.KillAsync);
        if (random.NextDouble() < 0.7)
        {
            Add(atMs + Between(100, 4_000), $"{place.Node.Name} starts again", place.StartAsync);
        }
    }

    private void Leave(long atMs, CampaignPlace place)
    {
        Add(atMs, $"{place.Node.Name} leaves", place.LeaveAsync);
        Add(atMs + Between(1_500, 4_000), $"{place.Node.Name} starts again", place.StartAsync);
    }

    private void HalfOpen(long atMs, CampaignPlace place, FaultWay way, string server)
    {
        var ways = new[] { FlowDirection.ToServer, FlowDirection.ToClient, FlowDirection.Both }[random.Next(3)];
        Harm(atMs, Between(1_000, 8_000), place, way, $"{place.Node.Name}'s way to {server} carries nothing, {ways}", one => one.HalfOpen(ways));
    }

    private void Slow(long atMs, CampaignPlace place, FaultWay way, string server)
    {
        var delay = Delays[random.Next(Delays.Length)];
        Harm(atMs, Between(1_000, 6_000), place, way, $"{place.Node.Name}'s way to {server} takes {Text(delay)} ms more each way", one => one.Delay(delay));
    }

    private void CutFromBoth(long atMs, CampaignPlace place, long forMs)
    {
        Harm(atMs, forMs, place, place.Node.Bus!, $"{place.Node.Name} is cut from RabbitMQ", way => way.Cut());
        Harm(atMs, forMs, place, place.Node.Authority!, $"{place.Node.Name} is cut from PostgreSQL", way => way.Cut());
    }

    private void PostgreSqlAway(long atMs, PostgreSqlServer server)
    {
        var crashes = random.NextDouble() < 0.5;
        var forMs = Between(100, 5_000);
        Add(atMs, $"PostgreSQL {(crashes ? "crashes" : "is stopped")}, and is started {Text(forMs)} ms later", async () =>
        {
            await LoseAuthorityAsync();
            await (crashes ? server.CrashAsync() : server.StopAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(forMs));
            await server.StartAgainAsync();
            await FindAuthorityAsync();
        });
    }

    private Task LoseAuthorityAsync() => Task.WhenAll(places.Select(place => place.CannotSayThatItIsBackAsync()));

    private Task FindAuthorityAsync() => Task.WhenAll(places.Select(place => place.CanSayThatItIsBackAsync()));

    private void RabbitMqStandsStill(long atMs)
    {
        var (server, name) = OneOfRabbitMq();
        Span(atMs, Between(300, 4_000), $"{name} stands still", server.PauseAsync, server.ResumeAsync);
    }

    private void RabbitMqAway(long atMs)
    {
        var (server, name) = OneOfRabbitMq();
        var crashes = random.NextDouble() < 0.5;
        Add(atMs, $"{name} {(crashes ? "is killed" : "is stopped")}, and is started again", async () =>
        {
            await (crashes ? server.KillAsync() : server.StopAsync());
            await server.StartAgainAsync();
        });
    }

    /// <summary>A single one is not drawn for, so that a seed means what it meant.</summary>
    private (RabbitMqServer Server, string Name) OneOfRabbitMq()
    {
        var servers = deployment.RabbitMqNodes;
        if (servers.Count == 1)
        {
            return (servers[0], "RabbitMQ");
        }

        var one = random.Next(servers.Count);
        return (servers[one], $"RabbitMQ's node {Text(one)} of {Text(servers.Count)}");
    }

    /// <summary>One thing befalls a server in an episode.</summary>
    private bool Takes(object server) => _taken.Add(server);

    private void Harm(long atMs, long forMs, CampaignPlace place, FaultWay way, string what, Action<FaultWay> harm) =>
        Span(atMs, forMs, what, () => place.HarmAsync(way, harm), () => place.HealAsync(way));

    private void Span(long atMs, long forMs, string what, Func<Task> begin, Func<Task> end)
    {
        Add(atMs, what, begin);
        Add(atMs + forMs, $"no more: {what}", end);
    }

    private void Add(long atMs, string what, Func<Task> action) => _faults.Add(new CampaignFault(atMs, what, action));

    private long Between(int from, long to) => random.NextInt64(from, to);

    private static string Text(TimeSpan delay) => Text((long)delay.TotalMilliseconds);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
