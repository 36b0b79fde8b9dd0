namespace Broker.Actors.Cluster;

/// <summary>What a bus tells its node, one call at a time, from a thread of its own. A call must not wait.</summary>
public interface IBusSink
{
    /// <summary>The bus can send and receive. What was on its way before is lost.</summary>
    /// <param name="self">Where others reach this node from now on: a new address after each reconnect.</param>
    void Connected(BusAddress self);

    /// <summary>Nothing comes and nothing goes until the next <see cref="Connected"/>.</summary>
    void Disconnected();

    /// <param name="batch">As it was sent; valid during the call only.</param>
    void Received(ReadOnlyMemory<byte> batch);

    /// <param name="news">As it was sent; valid during the call only.</param>
    void NewsReceived(ReadOnlyMemory<byte> news);

    /// <summary>Nobody listens at that address any more, nor ever will.</summary>
    void Returned(BusAddress to, SendId id);

    /// <param name="accepted">False: the bus refused it. A batch that was returned is accepted too, and returned first.</param>
    void Confirmed(SendId id, bool accepted);
}
