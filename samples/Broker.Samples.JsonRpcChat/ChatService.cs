using Broker.Actors.Dialects.JsonRpcWs;

namespace Broker.Samples.JsonRpcChat;

/// <summary>
/// The chat of jsonrpcws. Clients notify <c>set_username(name)</c> and <c>say(text)</c>, and request <c>clients</c>; they are notified of <c>message(user, text)</c>,
/// and of <c>joinpart()</c> whenever <c>clients</c> would answer something else.
/// </summary>
public sealed class ChatService : JsonRpcService
{
    // Others read it while this one's calls run.
    private volatile string _name = "";

    /// <summary>The names of all who are here; an empty one for who has not said theirs.</summary>
    public string[] Clients() => [.. Peers.Of<ChatService>().Select(one => one._name)];

    /// <summary>Tells everybody, the caller too.</summary>
    public void Say(string text) => Peers.Notify("message", _name, text);

    /// <summary>Gives the caller a name.</summary>
    public void SetUsername(string name)
    {
        _name = name;
        Peers.Notify("joinpart");
    }

    protected override ValueTask ClosedAsync(string? error)
    {
        Peers.Notify("joinpart");
        return default;
    }
}
