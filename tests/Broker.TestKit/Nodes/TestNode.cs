using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Broker.Actors;
using Broker.Actors.Channels;
using Broker.Actors.Loops;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.TestKit.Nodes;

/// <summary>
/// A node without sockets, in one of two ways: turned by hand, on the test's thread, with a clock that the test moves; or
/// on threads of its own, with the real one.
/// </summary>
public sealed class TestNode : IDisposable
{
    private readonly ConcurrentQueue<Exception> _faults = new();

    private TestNode(
        bool isThreaded, LocalNodeOptions options, IReadOnlyList<Namespace> rules, ILoggerFactory? loggers, ManualTime? time = null)
    {
        Time = time ?? new ManualTime();
        Node = new LocalNode(
            isThreaded ? options : options with { Time = Time },
            new Namespaces([new Namespace("default", "*"), new Namespace("other", "*")], rules),
            loggers ?? NullLoggerFactory.Instance);
        if (isThreaded)
        {
            Node.Start();
        }
    }

    public LocalNode Node { get; }

    public ManualTime Time { get; }

    public TextDialect Dialect { get; } = new();

    public LineFraming Framing { get; } = new();

    public static TestNode Turned(
        int loops = 1, LocalNodeOptions? options = null, ILoggerFactory? loggers = null, params IReadOnlyList<Namespace> rules) =>
        new(isThreaded: false, (options ?? new LocalNodeOptions { Shards = 16 }) with { Loops = loops }, rules, loggers);

    public static TestNode Threaded(
        int loops, LocalNodeOptions? options = null, ILoggerFactory? loggers = null, params IReadOnlyList<Namespace> rules) =>
        new(isThreaded: true, (options ?? new LocalNodeOptions { Shards = 16 }) with { Loops = loops }, rules, loggers);

    /// <summary>One of several nodes, turned by hand, under one clock.</summary>
    public static TestNode InCluster(ManualTime time, LocalNodeOptions options, ILoggerFactory? loggers, IReadOnlyList<Namespace> rules) =>
        new(isThreaded: false, options, rules, loggers, time);

    /// <summary>Rules for channels whose names match, in the app that tests use.</summary>
    public static Namespace Rule(string pattern, ChannelOptions options) => new("default", pattern) { Options = options };

    /// <summary>A name whose shard lives on the given loop.</summary>
    public string ChannelOn(int loop, string prefix = "c", int nth = 0)
    {
        for (var i = 0; ; i++)
        {
            var name = $"{prefix}{i}";
            if (Node.Shards.Of(new ChannelName("default", name)).Loop.Index == loop && nth-- == 0)
            {
                return name;
            }
        }
    }

    /// <summary>A new client. Its session opens on its loop, behind what is posted there and before the client's first command.</summary>
    public TestClient Connect(int loop = 0, TextDialect? dialect = null, string app = "default", IFraming? framing = null)
    {
        var transport = new RecordingTransport(Node.Loops[loop], framing ?? Framing, Node.OutboxBytes, Node.Outboxes);
        var client = new TestClient(Node.Loops[loop], transport, _faults);
        _ = LoopCall.RunAsync(Node.Loops[loop], () => Open(client, dialect ?? Dialect, app));
        return client;
    }

    /// <summary>Turns every loop until none has anything to do.</summary>
    public void Turn()
    {
        while (TurnAll())
        {
            // On.
        }

        if (_faults.TryDequeue(out var fault))
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>Turns every loop once; true when one had something to do.</summary>
    public bool TurnAll()
    {
        var worked = false;
        foreach (var loop in Node.AllLoops)
        {
            worked |= loop.Turn(0);
        }

        return worked;
    }

    /// <summary>One tick of a loop.</summary>
    public void TurnOnce(int loop) => Node.Loops[loop].Turn(0);

    /// <summary>Turns loops in random order, a number of times.</summary>
    public void TurnSome(Random random, int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            Node.AllLoops[random.Next(Node.AllLoops.Count)].Turn(0);
        }
    }

    /// <summary>Lets time pass in small steps, as it does, and turns.</summary>
    public void Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(Math.Max(50, time.TotalMilliseconds / 100));
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Advance(step);
            Turn();
        }
    }

    public void Dispose() => Node.Dispose();

    private void Open(TestClient client, TextDialect dialect, string app)
    {
        var session = Node.Open(dialect, app, client.Transport);
        client.Opened(session, dialect.SessionOf(session.Id));
    }
}
