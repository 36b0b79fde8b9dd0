namespace Broker.Messages.Cluster;

/// <summary>
/// What stands in front of every batch from one node to another. Items of a batch have consecutive numbers, so that the
/// first's is enough.
/// <code>
/// batch := version:u8 flags:u8 from:uuid to:uuid generation:i64 first:i64 last:i64 ackGeneration:i64 ackNumber:i64 item*
/// </code>
/// </summary>
/// <param name="Generation">Of the sender's side of the link; grows when it is reset.</param>
/// <param name="First">The first item's number; where there is none, the next one's.</param>
/// <param name="Last">The last number that the sender has sent.</param>
/// <param name="AckGeneration">The generation of the receiver's side that is acknowledged; 0 for none.</param>
/// <param name="AckNumber">Everything up to it has arrived.</param>
/// <param name="HasGap">True: something after it was missed. Send again.</param>
/// <param name="WantsAck">True: answer with an acknowledgement at once.</param>
public readonly record struct LinkHeader(
    Incarnation From,
    Incarnation To,
    long Generation,
    long First,
    long Last,
    long AckGeneration,
    long AckNumber,
    bool HasGap,
    bool WantsAck)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 2 + 16 + 16 + (5 * 8);

    private const byte GapFlag = 1;
    private const byte WantsAckFlag = 2;

    public void Write(WireWriter writer)
    {
        writer.Byte(NodeItemCodec.Version);
        writer.Byte((byte)((HasGap ? GapFlag : 0) | (WantsAck ? WantsAckFlag : 0)));
        writer.Node(From);
        writer.Node(To);
        writer.Int64(Generation);
        writer.Int64(First);
        writer.Int64(Last);
        writer.Int64(AckGeneration);
        writer.Int64(AckNumber);
    }

    /// <exception cref="InvalidDataException">Not a batch of a version that this release reads.</exception>
    public static LinkHeader Read(ReadOnlySpan<byte> source)
    {
        var reader = new WireReader(source);
        if (reader.Byte() != NodeItemCodec.Version)
        {
            throw new InvalidDataException("A batch of another version.");
        }

        var flags = reader.Byte();
        return new LinkHeader(
            reader.Node(),
            reader.Node(),
            reader.Int64(),
            reader.Int64(),
            reader.Int64(),
            reader.Int64(),
            reader.Int64(),
            (flags & GapFlag) != 0,
            (flags & WantsAckFlag) != 0);
    }
}
