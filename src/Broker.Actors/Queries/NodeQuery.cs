namespace Broker.Actors.Queries;

/// <summary>A question to all live nodes about what only they know together. No offset, not in history, unordered against events.</summary>
/// <param name="App">The app it is about.</param>
public abstract record NodeQuery(string App)
{
    /// <summary>Sends data to every subscription of the app; answered by how many that were.</summary>
    /// <param name="Data">One JSON value in UTF-8, owned by the query.</param>
    /// <param name="OncePerClient">True: a client gets one copy, however many channels it is in.</param>
    public sealed record Broadcast(string App, ReadOnlyMemory<byte> Data, bool OncePerClient) : NodeQuery(App);

    /// <summary>The channels that have subscribers, in no order.</summary>
    public sealed record Channels(string App) : NodeQuery(App);

    /// <summary>The addresses of a channel's subscribers, or of every subscription of the app.</summary>
    public sealed record Subscribers(string App, string? Channel) : NodeQuery(App);
}
