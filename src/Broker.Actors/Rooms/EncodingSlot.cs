namespace Broker.Actors.Rooms;

/// <summary>One encoding that a channel's subscribers on this node use, and how many of them, on each loop.</summary>
internal sealed class EncodingSlot(EncodingKey encoding, int loops)
{
    private readonly int[] _perLoop = new int[loops];

    public EncodingKey Encoding => encoding;

    public int Total { get; private set; }

    public int On(int loop) => _perLoop[loop];

    public void Add(int loop)
    {
        _perLoop[loop]++;
        Total++;
    }

    public void Remove(int loop)
    {
        _perLoop[loop]--;
        Total--;
    }
}
