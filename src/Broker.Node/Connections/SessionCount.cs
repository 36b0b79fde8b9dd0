using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Broker.Actors.Sessions;

namespace Broker.Node.Connections;

/// <summary>How many sessions are open or about to be, in all and per address. Any thread.</summary>
/// <param name="max">In all.</param>
/// <param name="maxPerAddress">From one address; 0 for no limit.</param>
/// <param name="blocks">What counts as one address.</param>
internal sealed class SessionCount(int max, int maxPerAddress, AddressBlocks blocks)
{
    private readonly ConcurrentDictionary<IPAddress, int> _perAddress = new();
    private int _all;
    private TaskCompletionSource? _empty;

    /// <summary>How many there may be.</summary>
    public int Max => max;

    /// <summary>Open sessions, and those about to open.</summary>
    public int All => Volatile.Read(ref _all);

    /// <summary>Completes once there is no session any more; asked for when none can come in.</summary>
    public Task WhenEmpty()
    {
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _empty, empty);
        return All == 0 ? Task.CompletedTask : empty.Task;
    }

    /// <summary>Counts one more, unless it would be one too many.</summary>
    public bool TryTake(IPAddress address, [NotNullWhen(false)] out TurnedAway? refused)
    {
        refused = null;
        if (Interlocked.Increment(ref _all) > max)
        {
            Interlocked.Decrement(ref _all);
            refused = TurnedAway.NodeFull;
        }
        else if (maxPerAddress > 0 && _perAddress.AddOrUpdate(blocks.Of(address), 1, (_, n) => n + 1) > maxPerAddress)
        {
            GiveBack(address);
            refused = TurnedAway.AddressFull;
        }

        return refused is null;
    }

    public void GiveBack(IPAddress address)
    {
        if (Interlocked.Decrement(ref _all) == 0)
        {
            Volatile.Read(ref _empty)?.TrySetResult();
        }

        if (maxPerAddress > 0 && blocks.Of(address) is var block && _perAddress.AddOrUpdate(block, 0, (_, n) => n - 1) <= 0)
        {
            _perAddress.TryRemove(KeyValuePair.Create(block, 0));
        }
    }

    /// <summary>Gives the session's place back once it has closed.</summary>
    public ITransportSink Watch(ITransportSink session, IPAddress address) => new Watched(session, this, address);

    private sealed class Watched(ITransportSink session, SessionCount count, IPAddress address) : ITransportSink
    {
        public void Received(ReadOnlySpan<byte> payload, FrameKind kind) => session.Received(payload, kind);

        public void Overflowed() => session.Overflowed();

        public void Closed(bool clean)
        {
            count.GiveBack(address);
            session.Closed(clean);
        }
    }
}
