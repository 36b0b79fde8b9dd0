using Broker.Actors;
using Broker.Actors.Cluster;
using Broker.Actors.Rights;
using Broker.Messages;
using Broker.TestKit.Nodes;
using Microsoft.Extensions.Logging;

namespace Broker.TestKit.Cluster;

/// <summary>
/// Several nodes in one process, turned by hand under one clock: a shared exchange whose links a test can cut, and a shared
/// authority. A node can be killed, and join later.
/// </summary>
public sealed class InProcessCluster : IDisposable
{
    /// <summary>So many that every node of a few owns one, whatever their names.</summary>
    public const int Shards = 64;

    private const int MaxRounds = 100_000;

    private readonly LocalNodeOptions _options;
    private readonly IReadOnlyList<Namespace> _rules;
    private readonly ILoggerFactory? _loggers;
    private readonly FaultLog _faults = new();
    private readonly int? _linkBytes;
    private readonly List<LoopbackBus> _buses = [];
    private readonly List<TestNode> _nodes = [];
    private readonly HashSet<int> _dead = [];

    /// <param name="nodes">They join at once, and are ready when this returns.</param>
    /// <param name="linkBytes">What a link buffers; null for what it does in earnest.</param>
    public InProcessCluster(
        int nodes = 3, LocalNodeOptions? options = null, ILoggerFactory? loggers = null, int? linkBytes = null, params IReadOnlyList<Namespace> rules)
    {
        _linkBytes = linkBytes;
        _options = options ?? new LocalNodeOptions { Shards = Shards, Loops = 2 };
        _rules = rules;
        _loggers = loggers ?? _faults;
        Exchange = new LoopbackExchange(Time, isPumped: true);
        Authority = new MemoryAuthority(Time, _options.Shards);
        for (var i = 0; i < nodes; i++)
        {
            Create();
        }

        // Known to each other before the first claims, or it would take everything.
        foreach (var node in _nodes)
        {
            _ = Authority.RenewAsync(new NodeRow(node.Node.Self, "", "", new BusAddress("soon"), 1, NodeState.Joining, IsBusOk: false), default).AsTask();
        }

        _nodes.ForEach(node => node.Node.Join());

        PassUntil(() => _nodes.TrueForAll(node => node.Node.Ready.IsCompleted) && IsWhole, "every node is ready");
    }

    /// <summary>True when every shard is served, and its events are held by two nodes where there are two.</summary>
    public bool IsWhole => Enumerable.Range(0, _options.Shards).All(shard => Living.Any(
        node => node.Node.Shards.All[shard] is { IsInPlace: true } own && (Living.Count() == 1 || own.Holders.Standby is not null)));

    private IEnumerable<TestNode> Living => _nodes.Where((_, node) => !_dead.Contains(node));

    public ManualTime Time { get; } = new();

    public LoopbackExchange Exchange { get; }

    public MemoryAuthority Authority { get; }

    /// <summary>Every node ever added; killed ones keep their place.</summary>
    public IReadOnlyList<TestNode> Nodes => _nodes;

    public TestNode this[int node] => _nodes[node];

    /// <summary>One more node joins.</summary>
    public TestNode Add()
    {
        var node = Create();
        node.Node.Join();
        return node;
    }

    /// <summary>The node's process ends without a word.</summary>
    public void Kill(int node)
    {
        _dead.Add(node);
        _ = _buses[node].DisposeAsync().AsTask();
        Authority.Kill(_nodes[node].Node.Self);
    }

    /// <summary>The node stands still: it neither reads nor writes, and nobody is told.</summary>
    public void Freeze(int node) => _dead.Add(node);

    public void Thaw(int node) => _dead.Remove(node);

    /// <summary>The node's connections to the bus and the authority are lost, and with them its queue and its lock: to the others that is a death. It hears of nothing meanwhile.</summary>
    public void ThrowOut(int node)
    {
        Freeze(node);
        Exchange.Disconnect(_buses[node]);
        Authority.Kill(_nodes[node].Node.Self);
    }

    /// <summary>The node has its connections again.</summary>
    public void LetBackIn(int node)
    {
        Thaw(node);
        Turn();
        Exchange.Connect(_buses[node]);
    }

    public void Cut(int one, int other) => Exchange.Cut(_buses[one], _buses[other]);

    public void Heal(int one, int other) => Exchange.Heal(_buses[one], _buses[other]);

    /// <summary>Loses what one node sends another, but not what it hears.</summary>
    public void CutOneWay(int from, int to) => Exchange.CutOneWay(_buses[from], _buses[to]);

    /// <summary>The node's connection to the bus breaks, and is there again at once.</summary>
    public void Break(int node)
    {
        Exchange.Disconnect(_buses[node]);
        Exchange.Connect(_buses[node]);
    }

    /// <summary>The node that takes itself for a channel's owner; -1 for none.</summary>
    public int OwnerOf(string channel) => Enumerable.Range(0, _nodes.Count).FirstOrDefault(
        node => !_dead.Contains(node) && _nodes[node].Node.Shards.Of(new ChannelName("default", channel)).IsOwner, -1);

    /// <summary>The node that holds a channel's events besides its owner; -1 for none.</summary>
    public int StandbyOf(string channel)
    {
        var owner = OwnerOf(channel);
        var standby = owner < 0 ? null : _nodes[owner].Node.Shards.Of(new ChannelName("default", channel)).Holders.Standby;
        return _nodes.FindIndex(node => node.Node.Self == standby);
    }

    public LoopbackBus BusOf(int node) => _buses[node];

    /// <summary>A channel that the node owns.</summary>
    public string ChannelOf(int node, int nth = 0) =>
        Enumerable.Range(0, 10_000).Select(number => $"c{number}").Where(channel => OwnerOf(channel) == node).ElementAt(nth);

    /// <summary>Turns everything until nothing is left to do at this time.</summary>
    public void Turn()
    {
        var rounds = 0;
        for (var worked = true; worked;)
        {
            if (++rounds > MaxRounds)
            {
                throw new TimeoutException("The nodes never come to rest.");
            }

            worked = Exchange.Pump();
            for (var i = 0; i < _nodes.Count; i++)
            {
                worked |= !_dead.Contains(i) && _nodes[i].TurnAll();
            }

            _faults.ThrowIfAny();
        }
    }

    /// <summary>Lets time pass in small steps, as it does, and turns.</summary>
    public void Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(50);
        Turn();
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Advance(step);
            Turn();
        }
    }

    /// <summary>Lets time pass until something is so.</summary>
    public void PassUntil(Func<bool> isSo, string what)
    {
        for (var passed = TimeSpan.Zero; !isSo(); passed += TimeSpan.FromMilliseconds(50))
        {
            if (passed > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException($"Never came: {what}");
            }

            Pass(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Lets time pass until a task that others complete has been completed.</summary>
    public async Task<T> PassUntilAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            // What goes on off the loops gets its turn before the clock does.
            for (var turns = 0; turns < 50 && !task.IsCompleted; turns++)
            {
                Turn();
                await Task.Run(() => { });
            }

            Time.Advance(TimeSpan.FromMilliseconds(50));
        }

#pragma warning disable VSTHRD003 // The test started it.
        return await task;
#pragma warning restore VSTHRD003
    }

    /// <summary>Turns everything until a task has been completed; the clock stands still.</summary>
    public async Task<T> TurnUntilAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            Turn();
            await Task.Yield();
        }

#pragma warning disable VSTHRD003 // The test started it.
        return await task;
#pragma warning restore VSTHRD003
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    private TestNode Create()
    {
        var bus = Exchange.CreateBus();
        var links = _linkBytes is { } bytes ? LinkLimits.Default with { BufferBytes = bytes } : LinkLimits.Default;
        var cluster = new ClusterOptions(bus, Authority) { Name = $"n{_nodes.Count}", Links = links };
        var node = TestNode.InCluster(Time, _options with { Cluster = cluster }, _loggers, _rules);
        _buses.Add(bus);
        _nodes.Add(node);
        return node;
    }
}
