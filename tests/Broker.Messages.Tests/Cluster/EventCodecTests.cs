using System.Buffers.Binary;
using Broker.Messages.Cluster;

namespace Broker.Messages.Tests.Cluster;

public class EventCodecTests
{
    private static readonly ChannelName Channel = new("default", "news");

    private static readonly Incarnation Node = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    private static ChannelEvent Full => new()
    {
        Channel = Channel,
        Epoch = new Epoch(0x1122334455667788, 3),
        PreviousTerm = 2,
        Offset = 258,
        AtMs = 1_700_000_000_000,
        Name = "née",
        Data = "{\"a\":1}"u8.ToArray(),
        Except = new SessionId(Node, 5),
        Key = new IdempotencyKey("u:ann", "k1"),
        From = new EmitId(Node, 9),
    };

    private static ChannelEvent Bare => new()
    {
        Channel = Channel,
        Epoch = new Epoch(1, 1),
        PreviousTerm = 0,
        Offset = 1,
        AtMs = 2,
        Data = default,
    };

    /// <summary>Windows on disk and other nodes hold these bytes: a change of the format is a new version, and this one stays readable.</summary>
    private const string FullBytes =
        "72000000" + "01" + "0f" + "8877665544332211" + "0300000000000000" + "0200000000000000" + "0201000000000000" + "0068e5cf8b010000"
        + "33221100554477668899aabbccddeeff" + "0900000000000000"
        + "33221100554477668899aabbccddeeff" + "0500000000000000"
        + "0400" + "6ec3a965"
        + "0500" + "753a616e6e" + "0200" + "6b31"
        + "7b2261223a317d";

    private const string BareBytes =
        "2a000000" + "01" + "00" + "0100000000000000" + "0100000000000000" + "0000000000000000" + "0100000000000000" + "0200000000000000";

    /// <summary>A part that came later: those before it are where they were.</summary>
    private const string VerbatimBytes =
        "34000000" + "01" + "10" + "0100000000000000" + "0100000000000000" + "0000000000000000" + "0100000000000000" + "0200000000000000"
        + "02000000" + "7b7d" + "31323334";

    [Fact]
    public void WriteAndRead_OfAnEventWithWhatItsEmitterWrote_AreOfTheGoldenBytes()
    {
        var wanted = Bare with { Verbatim = "{}"u8.ToArray(), Data = "1234"u8.ToArray() };

        Convert.ToHexStringLower(Write(wanted)).ShouldBe(VerbatimBytes);
        ShouldBeAlike(EventCodec.Read(Channel, Convert.FromHexString(VerbatimBytes), out _), wanted);
    }

    [Fact]
    public void Write_OfAFullEvent_GivesTheGoldenBytes() => Convert.ToHexStringLower(Write(Full)).ShouldBe(FullBytes);

    [Fact]
    public void Write_OfABareEvent_GivesTheGoldenBytes() => Convert.ToHexStringLower(Write(Bare)).ShouldBe(BareBytes);

    [Fact]
    public void Read_OfTheGoldenBytes_GivesTheEvent()
    {
        ShouldBeAlike(EventCodec.Read(Channel, Convert.FromHexString(FullBytes), out var size), Full);
        size.ShouldBe(FullBytes.Length / 2);
        ShouldBeAlike(EventCodec.Read(Channel, Convert.FromHexString(BareBytes), out _), Bare);
    }

    [Fact]
    public void Write_AndRead_OfRandomEvents_KeepsThem()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var wanted = Random(random);
            var bytes = new byte[EventCodec.Size(wanted) + 20];
            random.NextBytes(bytes);
            var written = EventCodec.Write(wanted, bytes);
            written.ShouldBe(EventCodec.Size(wanted));
            var read = EventCodec.Read(Channel, bytes, out var size);
            size.ShouldBe(written);
            ShouldBeAlike(read, wanted);
            EventCodec.Peek(bytes).ShouldBe((wanted.Offset, wanted.AtMs, size));
        }
    }

    [Fact]
    public void Read_WhenTheBytesAreCutAnywhere_ThrowsInvalidData()
    {
        var whole = Write(Full);
        for (var length = 0; length < whole.Length; length++)
        {
            Should.Throw<InvalidDataException>(() => EventCodec.Read(Channel, whole.AsSpan(0, length), out _), $"cut at {length}");

            // Cut, and its length says so too: what is missing is inside.
            var cut = whole.AsSpan(0, length).ToArray();
            if (length >= 4)
            {
                BinaryPrimitives.WriteInt32LittleEndian(cut, length - 4);
                ReadsOrThrowsInvalidData(cut, $"cut at {length}");
            }
        }
    }

    [Fact]
    public void Read_OfGarbage_ThrowsInvalidDataAndNothingElse()
    {
        var random = new Random(2);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = Write(Random(random));
            for (var hits = random.Next(1, 5); hits > 0; hits--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 120))] = (byte)random.Next(256);
            }

            ReadsOrThrowsInvalidData(bytes, Convert.ToHexString(bytes));
        }
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 2)]
    [InlineData(5, 32)]
    [InlineData(5, 64)]
    [InlineData(5, 128)]
    public void Read_OfAVersionOrAPartFromLater_ThrowsInvalidData(int at, byte value)
    {
        var bytes = Write(Bare);
        bytes[at] = value;
        Should.Throw<InvalidDataException>(() => EventCodec.Read(Channel, bytes, out _));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(41)]
    [InlineData(43)]
    public void Read_WhenTheLengthIsWrong_ThrowsInvalidData(int length)
    {
        var bytes = Write(Bare);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        Should.Throw<InvalidDataException>(() => EventCodec.Read(Channel, bytes, out _));
    }

    private static byte[] Write(ChannelEvent value)
    {
        var bytes = new byte[EventCodec.Size(value)];
        EventCodec.Write(value, bytes);
        return bytes;
    }

    private static void ReadsOrThrowsInvalidData(byte[] bytes, string what)
    {
        try
        {
            EventCodec.Read(Channel, bytes, out var size);
            size.ShouldBeInRange(1, bytes.Length);
        }
        catch (InvalidDataException)
        {
            // As it should.
        }
        catch (Exception other) when (other is not Shouldly.ShouldAssertException)
        {
            throw new InvalidOperationException(what, other);
        }
    }

    private static ChannelEvent Random(Random random)
    {
        var data = new byte[random.Next(200)];
        random.NextBytes(data);
        return new ChannelEvent
        {
            Channel = Channel,
            Epoch = new Epoch((ulong)random.NextInt64(long.MinValue, long.MaxValue), random.NextInt64()),
            PreviousTerm = random.NextInt64(),
            Offset = random.NextInt64(),
            AtMs = random.NextInt64(),
            Name = random.Next(2) == 0 ? null : new string('ü', random.Next(100)),
            Data = data,
            Except = random.Next(2) == 0 ? null : new SessionId(Node, random.NextInt64()),
            Key = random.Next(2) == 0 ? null : new IdempotencyKey("u:" + new string('x', random.Next(50)), new string('k', random.Next(1, 128))),
            Verbatim = random.Next(2) == 0 ? default : "{\"a\":1}"u8.ToArray(),
            From = random.Next(2) == 0 ? default : new EmitId(Node, random.NextInt64(1, long.MaxValue)),
        };
    }

    private static void ShouldBeAlike(ChannelEvent read, ChannelEvent wanted)
    {
        read.Data.Span.SequenceEqual(wanted.Data.Span).ShouldBeTrue();
        read.Verbatim.Span.SequenceEqual(wanted.Verbatim.Span).ShouldBeTrue();
        (read with { Data = default, Verbatim = default }).ShouldBe(wanted with { Data = default, Verbatim = default });
    }
}
