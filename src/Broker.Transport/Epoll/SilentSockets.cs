using System.Diagnostics.CodeAnalysis;

namespace Broker.Transport.Epoll;

/// <summary>New connections that have asked for nothing, by token and by age.</summary>
internal sealed class SilentSockets(int bound)
{
    private readonly Dictionary<ulong, SilentSocket> _byToken = [];
    private readonly Queue<ulong> _byAge = new();   // holds tokens of sockets taken since, until they come first
    private ulong _nextToken;

    /// <summary>Milliseconds of <see cref="Environment.TickCount64"/>; the largest value when there is none.</summary>
    public long FirstDueMs
    {
        get
        {
            DropTaken();
            return _byAge.TryPeek(out var token) ? _byToken[token].DueMs : long.MaxValue;
        }
    }

    public ulong Add(SilentSocket socket)
    {
        _byToken.Add(_nextToken, socket);
        _byAge.Enqueue(_nextToken);
        return _nextToken++;
    }

    public bool TryFind(ulong token, [NotNullWhen(true)] out SilentSocket? socket) => _byToken.TryGetValue(token, out socket);

    public bool TryTake(ulong token, [NotNullWhen(true)] out SilentSocket? socket) => _byToken.Remove(token, out socket);

    /// <summary>Takes the oldest when its time has come or when there are more than the bound.</summary>
    public bool TryTakeOverdue(long nowMs, [NotNullWhen(true)] out SilentSocket? socket)
    {
        socket = null;
        return (_byToken.Count > bound || FirstDueMs <= nowMs) && TryTakeFirst(out socket);
    }

    public void CloseAll()
    {
        while (TryTakeFirst(out var socket))
        {
            _ = Libc.close(socket.Descriptor);
        }
    }

    private bool TryTakeFirst([NotNullWhen(true)] out SilentSocket? socket)
    {
        DropTaken();
        socket = null;
        return _byAge.TryDequeue(out var token) && _byToken.Remove(token, out socket);
    }

    private void DropTaken()
    {
        while (_byAge.TryPeek(out var token) && !_byToken.ContainsKey(token))
        {
            _byAge.Dequeue();
        }
    }
}
