using Broker.Actors.Loops;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Actors.Tests.Loops;

public class InboxTests
{
    [Fact]
    public async Task TakeAll_WithManySenders_GivesEachSendersMessagesOnceAndInOrder()
    {
        const int Senders = 6;
        const int Each = 50_000;
        using var loop = new Loop(0, new EventPoller(), TimeProvider.System, NullLogger.Instance);
        var to = new Nobody(loop);
        var inbox = new Inbox();
        var firsts = 0;
        var senders = Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                if (inbox.Put(to, (sender, i)))
                {
                    Interlocked.Increment(ref firsts);
                }
            }
        })).ToArray();
        var next = new int[Senders];
        var batches = 0;
        for (var taken = 0; taken < Senders * Each;)
        {
            var letters = inbox.TakeAll();
            batches += letters.Length > 0 ? 1 : 0;
            foreach (var letter in letters)
            {
                var (sender, number) = ((int, int))letter.Message;
                number.ShouldBe(next[sender]++);
            }

            taken += letters.Length;
        }

        await Task.WhenAll(senders);
        inbox.IsEmpty.ShouldBeTrue();
        firsts.ShouldBe(batches);   // a wake for every time it had been empty
    }

    private sealed class Nobody(Loop loop) : Actor(loop)
    {
        protected override void Receive(object message)
        {
        }
    }
}
