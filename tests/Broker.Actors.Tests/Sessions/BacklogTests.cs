using System.Buffers;
using Broker.Actors.Sessions;

namespace Broker.Actors.Tests.Sessions;

public class BacklogTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Backlog_WithRandomAddsAndForgets_KeepsTheBytesInOrder(int seed)
    {
        var random = new Random(seed);
        var backlog = new Backlog();
        var model = new Queue<byte>();
        for (var i = 0; i < 120; i++)
        {
            if (random.Next(2) == 0)
            {
                var bytes = new byte[random.Next(4) == 0 ? random.Next(40_000) : random.Next(300)];
                for (var b = 0; b < bytes.Length; b++)
                {
                    bytes[b] = (byte)((b * 31) + (b >> 8) + i);
                }

                backlog.Add(bytes);
                foreach (var value in bytes)
                {
                    model.Enqueue(value);
                }
            }
            else
            {
                var taken = random.Next(3) == 0 ? model.Count : random.Next(model.Count + 1);
                backlog.Forget(taken);
                for (var t = 0; t < taken; t++)
                {
                    model.Dequeue();
                }
            }

            backlog.Bytes.ShouldBe(model.Count, $"seed {seed}");
            var held = new ArrayBufferWriter<byte>();
            foreach (var part in backlog.Parts)
            {
                held.Write(part.Span);
            }

            held.WrittenSpan.SequenceEqual(model.ToArray()).ShouldBeTrue($"seed {seed}, step {i}");
        }

        backlog.Clear();
        backlog.Bytes.ShouldBe(0);
        backlog.Parts.Length.ShouldBe(0);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 15)];

    [Fact]
    public void Add_WhenAllThatWasInTheBlockIsGone_UsesTheBlockAgain()
    {
        var backlog = new Backlog();
        backlog.Add(new byte[16 * 1024]);
        var block = backlog.Parts[0].Buffer;
        backlog.Forget(16 * 1024);
        backlog.Add(new byte[10]);

        backlog.Parts[0].Buffer.ShouldBeSameAs(block);
    }
}
