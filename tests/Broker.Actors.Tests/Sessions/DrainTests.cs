using Broker.Actors.Sessions;
using Broker.TestKit;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Sessions;

public class DrainTests
{
    [Theory]
    [InlineData(500, 5_000, 49, 60)]
    [InlineData(500, 1_000, 9, 20)]
    [InlineData(50, 5_000, 4, 10)]
    [InlineData(5, 5_000, 0, 1)]
    [InlineData(500, 0, 0, 1)]
    public async Task Run_AsksAllSessions_SpreadOverTheWindowAndAtLeast100ASecond(int sessions, int windowMs, int leastSteps, int mostSteps)
    {
        using var node = TestNode.Threaded(loops: 2);
        var clients = Enumerable.Range(0, sessions).Select(n => node.Connect(n % 2)).ToArray();
        await Task.WhenAll(clients.Select(client => client.DoAsync(_ => { })));
        var time = new ManualTime();

        var draining = node.Node.DrainAsync(Disconnect.Shutdown, TimeSpan.FromMilliseconds(windowMs), time, CancellationToken.None);

        var steps = 0;
        while (!draining.IsCompleted)
        {
            if (time.HasTimers)
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                steps++;
            }

            await Task.Yield();
        }

        await draining;
        steps.ShouldBeInRange(leastSteps, mostSteps);
        await Task.WhenAll(clients.Select(client => client.DoAsync(_ => client.Transport.Reason.ShouldBe(Disconnect.Shutdown))));
    }
}
