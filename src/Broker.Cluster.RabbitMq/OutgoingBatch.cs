using System.Buffers;
using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq;

/// <summary>A copy of what is to be sent, in a rented buffer.</summary>
/// <param name="To">Null: news, to all.</param>
internal readonly record struct OutgoingBatch(BusAddress? To, SendId Id, bool Confirm, byte[] Buffer, int Length)
{
    public ReadOnlyMemory<byte> Body => Buffer.AsMemory(0, Length);

    public static OutgoingBatch Copy(BusAddress? to, SendId id, bool confirm, ReadOnlyMemory<byte> bytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(buffer);
        return new OutgoingBatch(to, id, confirm, buffer, bytes.Length);
    }

    /// <summary>Only when nobody reads it any more.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
