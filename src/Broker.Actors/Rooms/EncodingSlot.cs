namespace Broker.Actors.Rooms;

/// <summary>One encoding that a channel's subscribers on this node use, and how many of them.</summary>
internal sealed class EncodingSlot(EncodingKey encoding)
{
    public EncodingKey Encoding => encoding;

    public int Total { get; private set; }

    public void Add() => Total++;

    public void Remove() => Total--;
}
