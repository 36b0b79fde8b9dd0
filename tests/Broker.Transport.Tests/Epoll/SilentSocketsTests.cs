using System.Net;
using Broker.Transport.Epoll;

namespace Broker.Transport.Tests.Epoll;

public sealed class SilentSocketsTests
{
    private readonly SilentSockets _sockets = new(bound: 3);

    [Fact]
    public void FirstDueMs_WhenThereIsNone_IsNever() => _sockets.FirstDueMs.ShouldBe(long.MaxValue);

    [Fact]
    public void TryTakeOverdue_WhenTimePasses_TakesTheOldestFirst()
    {
        Add(10, 20);
        _sockets.TryTakeOverdue(9, out _).ShouldBeFalse();
        _sockets.TryTakeOverdue(10, out var socket).ShouldBeTrue();
        socket!.DueMs.ShouldBe(10);
        _sockets.TryTakeOverdue(10, out _).ShouldBeFalse();
        _sockets.FirstDueMs.ShouldBe(20);
    }

    [Fact]
    public void TryTakeOverdue_WhenThereAreTooMany_TakesTheOldest()
    {
        Add(10, 20, 30, 40);
        _sockets.TryTakeOverdue(0, out var socket).ShouldBeTrue();
        socket!.DueMs.ShouldBe(10);
        _sockets.TryTakeOverdue(0, out _).ShouldBeFalse();
    }

    [Fact]
    public void TryTake_WhenOneHasSpoken_ItIsNotOverdueAnyMore()
    {
        Add(10, 20);
        _sockets.TryTake(0, out var socket).ShouldBeTrue();
        socket!.DueMs.ShouldBe(10);
        _sockets.TryTake(0, out _).ShouldBeFalse();
        _sockets.FirstDueMs.ShouldBe(20);
    }

    private void Add(params long[] dues)
    {
        foreach (var due in dues)
        {
            _sockets.Add(new SilentSocket(descriptor: -1, new IPEndPoint(IPAddress.Loopback, 1), due));
        }
    }
}
