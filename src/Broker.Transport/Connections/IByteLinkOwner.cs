namespace Broker.Transport.Connections;

/// <summary>What a byte link tells its owner, on the connection's loop.</summary>
internal interface IByteLinkOwner
{
    /// <summary>The bytes may be changed in place, and are valid during the call only.</summary>
    void BytesReceived(Span<byte> bytes);

    /// <summary>More can go after a send that took less than all.</summary>
    void Writable();

    /// <summary>The peer sends nothing more. It may still read.</summary>
    void EndOfStream();

    /// <summary>The connection broke.</summary>
    void Lost();
}
