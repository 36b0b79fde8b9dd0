using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit;
using Broker.TestKit.Cluster;

namespace Broker.Actors.Tests.Cluster;

public sealed class MemoryAuthorityTests : AuthorityContract
{
    private readonly ManualTime _time = new();

    protected override ValueTask<IAuthority> OpenAsync() => ValueTask.FromResult<IAuthority>(new MemoryAuthority(_time, Shards));

    protected override ValueTask PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask KillAsync(IAuthority authority, Incarnation node)
    {
        ((MemoryAuthority)authority).Kill(node);
        return ValueTask.CompletedTask;
    }
}
