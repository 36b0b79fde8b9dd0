using System.Net;
using Broker.TestKit.Proxies;
using Broker.Transport.Handshake;
using Broker.Transport.Proxies;

namespace Broker.Transport.Tests.Proxies;

public sealed class ProxyHeaderTests
{
    public static TheoryData<string> Malformed => [.. ProxyBytes.Malformed.Keys];

    [Theory]
    [InlineData("192.0.2.1:56324")]
    [InlineData("[2001:db8::1]:1")]
    [InlineData("0.0.0.0:65535")]
    public void TryRead_WhenAClientIsNamed_GivesIt(string client)
    {
        var bytes = ProxyBytes.Of(client, ProxyBytes.Tlv(0x02, "example.com"u8.ToArray()), ProxyBytes.Tlv(0x04, []));

        ProxyHeader.TryRead([.. bytes, .. "GET / HTTP/1.1"u8], out var header, out var length).ShouldBe(HeadOutcome.Complete);

        header!.Client.ShouldBe(IPEndPoint.Parse(client));
        length.ShouldBe(bytes.Length);
    }

    [Fact]
    public void TryRead_OfAMappedAddress_GivesItAsIPv4()
    {
        ProxyHeader.TryRead(ProxyBytes.Of("[::ffff:192.0.2.1]:7"), out var header, out _).ShouldBe(HeadOutcome.Complete);

        header!.Client.ShouldBe(IPEndPoint.Parse("192.0.2.1:7"));
    }

    [Fact]
    public void TryRead_OfLocalUnspecifiedOrUnix_NamesNobody()
    {
        byte[][] headers =
        [
            ProxyBytes.Local(),
            ProxyBytes.Raw(0x20, 0x11, [1, 2, 3]),   // what LOCAL carries is to be skipped
            ProxyBytes.Raw(0x21, 0x00, new byte[40]),
            ProxyBytes.Raw(0x21, 0x31, new byte[216]),
        ];
        foreach (var bytes in headers)
        {
            ProxyHeader.TryRead(bytes, out var header, out var length).ShouldBe(HeadOutcome.Complete);
            header!.Client.ShouldBeNull();
            length.ShouldBe(bytes.Length);
        }
    }

    [Fact]
    public void TryRead_OfARightChecksum_TakesIt()
    {
        ProxyHeader.TryRead(ProxyBytes.WithChecksum("192.0.2.1:9"), out var header, out _).ShouldBe(HeadOutcome.Complete);

        header!.Client.ShouldBe(IPEndPoint.Parse("192.0.2.1:9"));
    }

    [Fact]
    public void TryRead_OfEveryBeginning_IsIncomplete()
    {
        var bytes = ProxyBytes.Of("[2001:db8::1]:1", ProxyBytes.Tlv(0x04, new byte[300]));
        for (var length = 0; length < bytes.Length; length++)
        {
            ProxyHeader.TryRead(bytes.AsSpan(0, length), out var header, out var wanted).ShouldBe(HeadOutcome.Incomplete, $"{length} bytes");
            header.ShouldBeNull();
            wanted.ShouldBe(length < ProxyHeader.FixedBytes ? ProxyHeader.FixedBytes : bytes.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void TryRead_OfAnythingElse_RefusesIt(string name)
    {
        var outcome = ProxyHeader.TryRead(ProxyBytes.Malformed[name], out var header, out _);

        outcome.ShouldBeOneOf(HeadOutcome.Malformed, HeadOutcome.TooLarge);
        header.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Greeting_ByteByByte_ComesToTheSame(string name)
    {
        var greeting = new ProxyGreeting();
        var outcome = HeadOutcome.Incomplete;
        foreach (var piece in ProxyBytes.Malformed[name])
        {
            greeting.Wanted[0] = piece;
            outcome = greeting.Received(1, out _);
            if (outcome != HeadOutcome.Incomplete)
            {
                break;
            }
        }

        outcome.ShouldBeOneOf(HeadOutcome.Malformed, HeadOutcome.TooLarge);
    }

    [Fact]
    public void Greeting_OfAHeader_NeverWantsAByteBehindIt()
    {
        var bytes = ProxyBytes.Of("192.0.2.1:9", ProxyBytes.Tlv(0x04, new byte[300]));
        var greeting = new ProxyGreeting();
        var taken = 0;
        ProxyHeader? header = null;
        while (header is null)
        {
            var count = greeting.Wanted.Length;
            bytes.AsSpan(taken, count).CopyTo(greeting.Wanted);
            taken += count;
            greeting.Received(count, out header);
        }

        taken.ShouldBe(bytes.Length);
        header.Client.ShouldBe(IPEndPoint.Parse("192.0.2.1:9"));
    }
}
