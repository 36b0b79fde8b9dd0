using System.Globalization;
using System.Text;
using Broker.Actors;
using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Rights;
using Broker.Benchmarks.Core;
using Broker.Cluster.RabbitMq;
using Broker.Messages;
using Broker.Storage.PostgreSql;
using Broker.TestKit.Servers;
using Broker.Transport.Framing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.ClusterBenchmarks;

/// <summary>A node of a cluster, without the ways in that a process has.</summary>
internal sealed class JoinedNode(LocalNode node, RabbitMqBus bus, PostgreSqlAuthority authority) : IAsyncDisposable
{
    private const int Batch = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PlainDialect _dialect = new();

    public LocalNode Node => node;

    public RabbitMqBus Bus => bus;

    public static async Task<JoinedNode> StartAsync(string name, int members, RabbitMqServer rabbitMq, string postgreSql)
    {
        var bus = new RabbitMqBus(
            new RabbitMqOptions { ConnectionString = rabbitMq.Uri().ToString(), NewsExchange = $"broker.bench.{members}" }, NullLoggerFactory.Instance, TimeProvider.System);
        var authority = new PostgreSqlAuthority(new PostgreSqlOptions { ConnectionString = postgreSql }, NullLoggerFactory.Instance);
        var options = new LocalNodeOptions { Loops = 1, Cluster = new ClusterOptions(bus, authority) { Name = name } };
        var rules = new Namespaces([new Namespace(Owners.App, "*") { Options = new ChannelOptions { MaxMembers = members } }], []);
        var node = new LocalNode(options, rules, NullLoggerFactory.Instance);
        node.Start();
        await node.Ready.WaitAsync(Patience);
        return new JoinedNode(node, bus, authority);
    }

    /// <summary>Opens a session for each of some users, and makes them members.</summary>
    public async Task FillAsync(int from, int to)
    {
        for (var next = from; next < to; next += Batch)
        {
            var (first, last) = (next, Math.Min(next + Batch, to));
            await LoopCall.RunAsync(node.Loops[0], () =>
            {
                for (var user = first; user < last; user++)
                {
                    Enter(string.Create(CultureInfo.InvariantCulture, $"user-{user}"));
                }
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await node.LeaveAsync();
        node.Dispose();
        await authority.DisposeAsync();
    }

    private void Enter(string user)
    {
        var session = node.Open(_dialect, Owners.App, new SilentTransport(node.Loops[0], PlainFraming.Instance, node.Outboxes));
        session.Identify(Owners.App, new Identity.User(user));
        var refusal = session.Subscribe(MemberMoves.Channel, new SubscribeRequest(0, Since: null, new MemberClaim(user, Encoding.ASCII.GetBytes("{}"))), call: null);
        if (refusal != Refusal.None)
        {
            throw new InvalidOperationException($"{user} may not enter: {refusal}");
        }
    }
}
