using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Broker.Messages;
using Broker.TestKit.Deployments;
using Broker.TestKit.Histories;
using Broker.TestKit.WebSockets;

namespace Broker.TestKit.Campaigns;

/// <summary>
/// Somebody who uses the cluster over the native dialect, over one connection after the other, and writes down what it does and hears.
/// What it does is the deriving class's.
/// </summary>
internal abstract class CampaignClient(CampaignEpisode episode, string name)
{
    private const int Unavailable = -32_001;
    private const int OutcomeUnknown = -32_002;

    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(4);

    private readonly Random _random = new(name.Aggregate(episode.Seed, (hash, letter) => unchecked((hash * 31) + letter)));
    private readonly Dictionary<string, string> _present = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Position> _positions = new(StringComparer.Ordinal);
    private Connection? _connection;

    public string Name => name;

    /// <summary>True: it does not come back from where it is sent.</summary>
    public bool IsResting { get; set; }

    /// <summary>Where it is connected; null for nowhere.</summary>
    public DeployedNode? Node => _connection?.Node;

    protected Lock Gate { get; } = new();

    protected CampaignEpisode Episode => episode;

    protected bool IsConnected => _connection is not null;

    protected CampaignHistory History => episode.History;

    /// <summary>Comes and goes until the episode is over.</summary>
    public async Task RunAsync(double firstFromMs, double firstToMs)
    {
        await WaitAsync(firstFromMs, firstToMs);
        while (!episode.Over.IsCancellationRequested)
        {
            if (!IsResting && episode.PickNode(_random) is { } node && await ConnectAsync(node) is { } connection)
            {
                await StayAsync(connection);
            }

            var (fromMs, toMs) = BackAfterMs();
            await WaitAsync(fromMs, toMs);
        }
    }

    /// <summary>True when what it follows is where a channel stands now.</summary>
    public bool IsAt(string channel, Position position)
    {
        lock (Gate)
        {
            return !_positions.TryGetValue(channel, out var own) || (own.Epoch.Life == position.Epoch.Life && own.Offset >= position.Offset);
        }
    }

    /// <summary>It has a connection.</summary>
    protected abstract void Arrived();

    /// <summary>It has none any more.</summary>
    protected virtual void Left()
    {
    }

    /// <summary>When to look whether to stay, in milliseconds from the last time.</summary>
    protected abstract (double FromMs, double ToMs) LookAfterMs { get; }

    /// <summary>When to come back, in milliseconds.</summary>
    protected abstract (double FromMs, double ToMs) BackAfterMs();

    /// <summary>Whether to go now.</summary>
    protected virtual Going Look() => Going.Stay;

    protected virtual void Answered(string channel, string name, bool isTaken)
    {
    }

    protected virtual void SubscribeAnswered(string channel, bool isTaken)
    {
    }

    protected double Draw(double from, double to)
    {
        lock (Gate)
        {
            return from + (_random.NextDouble() * (to - from));
        }
    }

    protected bool Chance(double probability) => Draw(0, 1) < probability;

    protected string Pick(IReadOnlyList<string> of) => of[(int)Draw(0, of.Count - 1e-9)];

    protected async Task WaitAsync(double fromMs, double toMs)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(Draw(fromMs, toMs)), episode.Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Does something later, if it is connected as it is now by then.</summary>
    protected void Later(double fromMs, double toMs, Action action)
    {
        var connection = _connection;
        episode.Track(LaterAsync());

        async Task LaterAsync()
        {
            await WaitAsync(fromMs, toMs);
            lock (Gate)
            {
                if (_connection == connection && connection is not null && !episode.Over.IsCancellationRequested)
                {
                    action();
                }
            }
        }
    }

    // What it says, under the gate

    protected void Subscribe(string channel, string? user = null)
    {
        Position? since = _positions.TryGetValue(channel, out var known) ? known : null;
        History.Add(at => new HistoryRecord.Subscribing(at, name, channel, since));
        if (user is not null)
        {
            _present[channel] = user;
            History.Add(at => new HistoryRecord.Entering(at, name, channel, user));
        }

        var from = since is { } position ? string.Create(CultureInfo.InvariantCulture, $$""","since":{"epoch":"{{position.Epoch}}","offset":{{position.Offset}} }""") : "";
        Call("subscribe", $$"""{"channel":"{{channel}}"{{from}}{{(user is null ? "" : ",\"presence\":{}")}} }""", answer => Subscribed(channel, answer));
    }

    protected void Emit(string channel, string eventName, string? key)
    {
        History.Add(at => new HistoryRecord.Emitting(at, name, channel, eventName, key));
        var repeatable = key is null ? "" : $",\"idempotencyKey\":\"{key}\"";
        Call("publish", $$"""{"channel":"{{channel}}","event":"e","data":"{{eventName}}"{{repeatable}} }""", answer => Emitted(channel, eventName, answer));
    }

    private void Call(string method, string parameters, Action<JsonElement> answered)
    {
        var connection = _connection;
        connection?.Rpc.Call(method, parameters, answer =>
        {
            lock (Gate)
            {
                if (_connection == connection)
                {
                    answered(answer);
                }
            }
        });
    }

    // Coming and going

    private async Task<Connection?> ConnectAsync(DeployedNode node)
    {
        var life = node.Life;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(episode.Over);
        patience.CancelAfter(HandshakePatience);
        Connection? connection = null;
        RpcConnection? rpc = null;
        try
        {
            rpc = await RpcConnection.OpenAsync(node.Url, message => Hear(connection, message), patience.Token);
            var answer = await rpc.CallAsync("connect", CampaignApp.ConnectAs(UserName), patience.Token);
            if (answer?.TryGetProperty("result", out _) is true)
            {
                connection = new Connection(node, rpc);
                lock (Gate)
                {
                    _connection = connection;
                    History.Add(at => new HistoryRecord.Connected(at, name, life));
                    Arrived();
                }

                return connection;
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // Not there now, or it stands still.
        }

        if (rpc is not null)
        {
            await rpc.DisposeAsync();
        }

        return null;
    }

    /// <summary>Who it says that it is.</summary>
    protected virtual string UserName => name;

    private async Task StayAsync(Connection connection)
    {
        var rpc = connection.Rpc;
        while (!rpc.Ended.IsCompleted && !episode.Over.IsCancellationRequested)
        {
            var (fromMs, toMs) = LookAfterMs;
            await Task.WhenAny(rpc.Ended, WaitAsync(fromMs, toMs));
            var going = rpc.Ended.IsCompleted || episode.Over.IsCancellationRequested ? Going.Stay : Look();
            if (going != Going.Stay)
            {
                Lose(isLost: going == Going.Break);
                if (going == Going.Close)
                {
                    await rpc.CloseAsync(episode.Over);
                    await Task.WhenAny(rpc.Ended, WaitAsync(2_000, 2_000));
                }

                break;
            }
        }

        if (!episode.Over.IsCancellationRequested)
        {
            Lose(isLost: true);
        }

        await rpc.DisposeAsync();
    }

    private void Lose(bool isLost)
    {
        lock (Gate)
        {
            if (_connection is null)
            {
                return;
            }

            _connection = null;
            foreach (var channel in _present.Keys.ToArray())
            {
                EndPresence(channel, isLost);
            }

            History.Add(at => new HistoryRecord.Disconnected(at, name));
            Left();
        }
    }

    private void EndPresence(string channel, bool isLost)
    {
        if (_present.Remove(channel, out var user))
        {
            History.Add(at => new HistoryRecord.Leaving(at, name, channel, user, isLost));
        }
    }

    // What it hears

    private void Hear(Connection? connection, JsonElement message)
    {
        lock (Gate)
        {
            if (connection is null || _connection != connection)
            {
                return;   // nobody reads there any more
            }

            var told = message.GetProperty("params");
            var channel = told.GetProperty("channel").GetString()!;
            switch (message.GetProperty("method").GetString())
            {
                case "event":
                    var position = _positions[channel] = RpcAnswers.PositionIn(told);
                    var eventName = told.GetProperty("data").GetString()!;
                    History.Add(at => new HistoryRecord.Received(at, name, channel, position, eventName));
                    break;
                case "reset":
                    var anew = _positions[channel] = RpcAnswers.PositionIn(told);
                    History.Add(at => new HistoryRecord.Reset(at, name, channel, anew));
                    break;
                case "joined":
                    var comer = told.GetProperty("user").GetString()!;
                    History.Add(at => new HistoryRecord.MemberJoined(at, name, channel, comer));
                    break;
                case "left":
                    var goer = told.GetProperty("user").GetString()!;
                    History.Add(at => new HistoryRecord.MemberLeft(at, name, channel, goer));
                    break;
                default:
                    Fault(message.GetRawText());
                    break;
            }
        }
    }

    private void Subscribed(string channel, JsonElement answer)
    {
        if (!answer.TryGetProperty("result", out var result))
        {
            EndPresence(channel, isLost: false);
            CheckError(answer);
            SubscribeAnswered(channel, isTaken: false);
            return;
        }

        var position = RpcAnswers.PositionIn(result);
        var recovered = result.GetProperty("recovered").GetBoolean();
        if (!recovered)
        {
            _positions[channel] = position;
        }

        History.Add(at => new HistoryRecord.Subscribed(at, name, channel, position, recovered));
        if (_present.TryGetValue(channel, out var user))
        {
            History.Add(at => new HistoryRecord.Entered(at, name, channel, user));
        }

        SubscribeAnswered(channel, isTaken: true);
    }

    private void Emitted(string channel, string eventName, JsonElement answer)
    {
        if (answer.TryGetProperty("result", out var result))
        {
            var position = RpcAnswers.PositionIn(result);
            History.Add(at => new HistoryRecord.Acknowledged(at, name, channel, eventName, position));
            Answered(channel, eventName, isTaken: true);
            return;
        }

        var code = CheckError(answer);
        History.Add(at => new HistoryRecord.Refused(at, name, channel, eventName, code == OutcomeUnknown));
        Answered(channel, eventName, isTaken: false);
    }

    /// <summary>An answer that no fault of a server explains is a bug.</summary>
    private int CheckError(JsonElement answer)
    {
        var code = answer.GetProperty("error").GetProperty("code").GetInt32();
        if (code is not (Unavailable or OutcomeUnknown))
        {
            Fault(answer.GetRawText());
        }

        return code;
    }

    private void Fault(string what) => History.Add(at => new HistoryRecord.Faulted(at, Node?.Life ?? "", $"{name} was told {what}"));

    private sealed record Connection(DeployedNode Node, RpcConnection Rpc);
}
