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

    /// <summary>The channels that have subscribers, with how many.</summary>
    /// <param name="Pattern">A glob of their names: <c>*</c> stands for any text, <c>?</c> for one character.</param>
    public sealed record Counts(string App, string Pattern) : NodeQuery(App);

    /// <summary>Closes every session of a user. Looks at each session of each loop: for operators, not for every day.</summary>
    /// <param name="Reason">Of the catalogue, with the reason's text to the caller's liking.</param>
    public sealed record Disconnect(string App, string User, Sessions.Disconnect Reason) : NodeQuery(App);

    /// <summary>Ends the subscriptions of a user to a channel. Looks at each session, as <see cref="Disconnect"/> does.</summary>
    public sealed record Unsubscribe(string App, string Channel, string User) : NodeQuery(App);
}
