using System.Globalization;
using Broker.Actors.Channels;
using Broker.Messages;

namespace Broker.Actors.Tests.Channels;

public class IdempotencyKeysTests
{
    [Fact]
    public void Add_WhenThereAreTooMany_ForgetsTheOldest()
    {
        var keys = new IdempotencyKeys();
        for (var i = 0; i < IdempotencyKeys.MaxCount + 5; i++)
        {
            keys.Add(Key(i), Result(i), nowMs: i);
        }

        keys.Count.ShouldBe(IdempotencyKeys.MaxCount);
        keys.TryFind(Key(4), 10_005, out _).ShouldBeFalse();
        keys.TryFind(Key(5), 10_005, out var kept).ShouldBeTrue();
        kept.ShouldBe(Result(5));
    }

    [Fact]
    public void Expire_AfterTheirAge_ForgetsThemOneByOne()
    {
        var keys = new IdempotencyKeys();
        for (var i = 0; i < 10; i++)
        {
            keys.Add(Key(i), Result(i), nowMs: i * 1_000);
        }

        keys.Expire(IdempotencyKeys.AgeMs + 4_500);
        keys.Count.ShouldBe(5);
        keys.Expire(IdempotencyKeys.AgeMs * 2);
        keys.Count.ShouldBe(0);
    }

    private static IdempotencyKey Key(int number) => new("p", number.ToString(CultureInfo.InvariantCulture));

    private static EmitResult Result(int number) => new(Refusal.None, new Position(new Epoch(1, 1), number), number);
}
