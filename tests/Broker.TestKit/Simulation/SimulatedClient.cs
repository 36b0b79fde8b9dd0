using System.Globalization;
using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Histories;
using Broker.TestKit.Sessions;

namespace Broker.TestKit.Simulation;

/// <summary>
/// Somebody who uses the cluster, over one connection after the other, and writes down what it does and hears. What it
/// does is the deriving class's.
/// </summary>
internal abstract class SimulatedClient(SimulatedCluster cluster, string name)
{
    private readonly Dictionary<string, string> _present = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Position> _positions = new(StringComparer.Ordinal);
    private Connection? _connection;

    public string Name => name;

    /// <summary>Where it is connected; null for nowhere.</summary>
    public SimulatedNode? Node => _connection?.Node;

    /// <summary>True: it stays where it is, and does not come back from where it is sent.</summary>
    public bool IsResting { get; set; }

    protected SimulatedCluster Cluster => cluster;

    protected Agenda Agenda => cluster.Agenda;

    protected bool IsConnected => _connection is not null;

    private long NowMs => cluster.Agenda.NowMs;

    public void ConnectLater(double fromMs, double toMs) => Agenda.After(Agenda.Draw(fromMs, toMs), () =>
    {
        if (_connection is not null || IsResting)
        {
            return;
        }

        if (cluster.Running is { Count: > 0 } running)
        {
            Connect(Agenda.Pick(running));
        }
        else
        {
            ConnectLater(100, 300);
        }
    });

    public void Connect(SimulatedNode node)
    {
        var loop = node.Node.Loops[Agenda.Random.Next(node.Node.Loops.Count)];
        var transport = new RecordingTransport(loop, new LineFraming(), node.Node.OutboxBytes, node.Node.Outboxes) { AnswersPings = true };
        var connection = new Connection(node, loop, transport);
        transport.OnLine = line => Hear(connection, line);
        transport.OnGone = () => Lose(connection, isLost: true);
        _connection = connection;
        cluster.Record(new HistoryRecord.Connected(NowMs, name, node.Name));
        Post(connection, () =>
        {
            var session = node.Node.Open(node.Dialect, "default", transport);
            connection.Session = session;
            transport.Attach(session);
            session.Identify("default", new Identity.User(name));
        });
        Arrived();
    }

    /// <summary>The client goes, or its connection breaks.</summary>
    public void Leave(bool clean)
    {
        if (_connection is { } connection)
        {
            Lose(connection, isLost: !clean);
            Post(connection, () => connection.Transport.Leave(clean));
        }
    }

    /// <summary>The node's process has ended: the connection is found broken.</summary>
    public void NodeEnded(SimulatedNode node)
    {
        if (_connection is { } connection && connection.Node == node)
        {
            Agenda.After(Agenda.Draw(0, 30), () => Lose(connection, isLost: true));
        }
    }

    /// <summary>It has a connection.</summary>
    protected abstract void Arrived();

    /// <summary>It has none any more.</summary>
    protected abstract void Left();

    protected virtual void Answered(string channel, string name, Refusal refusal)
    {
    }

    protected virtual void SubscribeAnswered(string channel, Refusal refusal)
    {
    }

    protected void Subscribe(string channel, bool goesOn, string? user = null)
    {
        Position? since = goesOn && _positions.TryGetValue(channel, out var known) ? known : null;
        cluster.Record(new HistoryRecord.Subscribing(NowMs, name, channel, since));
        if (user is not null)
        {
            _present[channel] = user;
            cluster.Record(new HistoryRecord.Entering(NowMs, name, channel, user));
        }

        Do(session =>
        {
            var claim = user is null ? null : new MemberClaim(user, Encoding.ASCII.GetBytes($"\"{user}\""));
            return (session.Subscribe(new ChannelName("default", channel), new SubscribeRequest(0, since, claim), channel), $"s {channel}");
        });
    }

    protected void Unsubscribe(string channel)
    {
        EndPresence(channel, isLost: false);
        Do(session => (session.Unsubscribe(new ChannelName("default", channel), channel), $"u {channel}"));
    }

    protected void Emit(string channel, string eventName, string? key, int padding = 0)
    {
        cluster.Record(new HistoryRecord.Emitting(NowMs, name, channel, eventName, key));
        Do(session =>
        {
            var data = Encoding.ASCII.GetBytes(eventName + HistoryDialect.Padding + new string('x', padding));
            return (session.Emit(new ChannelName("default", channel), new EmitRequest("e", data, echo: true, key), $"{channel} {eventName}"), $"a {channel} {eventName}");
        });
    }

    protected void AskWindow(string channel) =>
        Do(session => (session.History(new ChannelName("default", channel), since: null, 1_000, backward: false, channel), $"h {channel}"));

    protected void AskMembers(string channel) =>
        Do(session => (session.Presence(new ChannelName("default", channel), channel), $"p {channel}"));

    private void Do(Func<ISessionContext, (Refusal Refusal, string Line)> command)
    {
        if (_connection is { } connection)
        {
            Post(connection, () =>
            {
                if (!connection.Transport.IsGone && command(connection.Session!) is { Refusal: not Refusal.None } refused)
                {
                    Hear(connection, $"{refused.Line} {refused.Refusal}");
                }
            });
        }
    }

    private static void Post(Connection connection, Action action) =>
        connection.Node.Reach(() => _ = LoopCall.RunAsync(connection.Loop, action));

    private void Lose(Connection connection, bool isLost)
    {
        if (_connection != connection)
        {
            return;
        }

        _connection = null;
        foreach (var channel in _present.Keys.ToArray())
        {
            EndPresence(channel, isLost);
        }

        cluster.Record(new HistoryRecord.Disconnected(NowMs, name));
        Left();
    }

    private void EndPresence(string channel, bool isLost)
    {
        if (_present.Remove(channel, out var user))
        {
            cluster.Record(new HistoryRecord.Leaving(NowMs, name, channel, user, isLost));
        }
    }

    private void Hear(Connection connection, string line)
    {
        if (_connection != connection)
        {
            return;   // nobody reads there any more
        }

        var parts = line.Split(' ');
        var channel = parts[1];
        switch (parts[0])
        {
            case "E":
                _positions[channel] = PositionAt(parts, 2);
                cluster.Record(new HistoryRecord.Received(NowMs, name, channel, _positions[channel], parts[4]));
                break;
            case "S":
                Subscribed(channel, PositionAt(parts, 2), parts[4] == bool.TrueString);
                break;
            case "s":
                EndPresence(channel, isLost: false);
                SubscribeAnswered(channel, Enum.Parse<Refusal>(parts[2]));
                break;
            case "R":
                _positions[channel] = PositionAt(parts, 2);
                cluster.Record(new HistoryRecord.Reset(NowMs, name, channel, _positions[channel]));
                break;
            case "U":
                cluster.Record(new HistoryRecord.Unsubscribed(NowMs, name, channel));
                break;
            case "A":
                cluster.Record(new HistoryRecord.Acknowledged(NowMs, name, channel, parts[2], PositionAt(parts, 3)));
                Answered(channel, parts[2], Refusal.None);
                break;
            case "a":
                var refusal = Enum.Parse<Refusal>(parts[3]);
                cluster.Record(new HistoryRecord.Refused(NowMs, name, channel, parts[2], refusal == Refusal.OutcomeUnknown));
                Answered(channel, parts[2], refusal);
                break;
            case "J":
                cluster.Record(new HistoryRecord.MemberJoined(NowMs, name, channel, parts[2]));
                break;
            case "L":
                cluster.Record(new HistoryRecord.MemberLeft(NowMs, name, channel, parts[2]));
                break;
            case "P" when parts[2] == nameof(Refusal.None):
                cluster.Record(new HistoryRecord.MembersListed(NowMs, name, channel, [.. parts[3..].Order(StringComparer.Ordinal)]));
                break;
            case "H" when parts[2] == nameof(Refusal.None):
                var listed = parts[3..].Chunk(3).ToArray();
                cluster.Record(new HistoryRecord.WindowListed(
                    NowMs, name, channel, [.. listed.Select(one => PositionAt(one, 0))], [.. listed.Select(one => one[2])]));
                break;
        }
    }

    private void Subscribed(string channel, Position at, bool recovered)
    {
        if (!recovered)
        {
            _positions[channel] = at;
        }

        cluster.Record(new HistoryRecord.Subscribed(NowMs, name, channel, at, recovered));
        if (_present.TryGetValue(channel, out var user))
        {
            cluster.Record(new HistoryRecord.Entered(NowMs, name, channel, user));
        }

        SubscribeAnswered(channel, Refusal.None);
    }

    private static Position PositionAt(string[] parts, int index) =>
        new(Epoch.TryParse(parts[index], out var epoch) ? epoch : default, long.Parse(parts[index + 1], CultureInfo.InvariantCulture));

    private sealed class Connection(SimulatedNode node, Loop loop, RecordingTransport transport)
    {
        public SimulatedNode Node => node;

        public Loop Loop => loop;

        public RecordingTransport Transport => transport;

        public SessionActor? Session { get; set; }
    }
}
