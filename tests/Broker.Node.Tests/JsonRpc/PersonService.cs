using Broker.Actors.Dialects.JsonRpcWs;
using Broker.Actors.Rights;
using Broker.Messages;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>A service that finds out who its client is, uses channels in its name, and has something of the host's and something to dispose.</summary>
public sealed class PersonService(Recorders recorders, PersonScope scope) : JsonRpcService, IAsyncDisposable
{
    public async Task<string> LoginAsync(string name) => (await Channels.IdentifyAsync(new Identity.User(name))).ToString();

    public async Task<string> JoinAsync(string channel, long? since = null, string? epoch = null)
    {
        var result = await Channels.SubscribeAsync(channel, Epoch.TryParse(epoch, out var life) ? new Position(life, since!.Value) : null);
        return $"{result.Refusal} {result.Recovered}";
    }

    public async Task<string> LeaveAsync(string channel) => (await Channels.UnsubscribeAsync(channel)).ToString();

    public async Task<string> PublishAsync(string channel, bool echo, string? key = null)
    {
        var result = await Channels.PublishAsync(channel, "said", new { Text = "hi" }, echo, key);
        return $"{result.Refusal} {result.Receivers}";
    }

    /// <summary>What channels answer when the connection has gone.</summary>
    public async Task PublishAfterTheCloseAsync()
    {
        await Task.Delay(Timeout.Infinite, Aborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        Recorder.Add((await Channels.PublishAsync("chat", "said", 1)).Refusal.ToString());
        Recorder.Add((await RequestAsync("q")).Why.ToString());
        Notify("nobody");
    }

    /// <summary>More commands at once than may be under way.</summary>
    public async Task<int> PublishManyAsync(int count)
    {
        var results = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Channels.PublishAsync("many", name: null, 1)));
        return results.Count(result => result.Refusal == Refusal.Unavailable);
    }

    public bool Scoped() => scope.IsOpen;

    public ValueTask DisposeAsync()
    {
        Recorder.Add($"disposed while its scope was {(scope.IsOpen ? "open" : "closed")}");
        return default;
    }

    private Recorder Recorder => recorders.Of(Connection.Query);
}
