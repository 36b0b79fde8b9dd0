using System.Text;
using Broker.Actors.Sessions;
using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Contract;

// Autobahn's category 7, and ends of all kinds.
public abstract partial class WebSocketContract
{
    [Fact]
    public Task Close_WhenItFollowsAMessage_ComesAfterTheEcho() => ExpectEchoAsync([ClientFrame.Text("hello")], "text hello");

    [Fact]
    public Task Close_WhenAnythingFollowsIt_TheRestIsIgnored() =>
        ExpectAsync([ClientFrame.Close(1000), ClientFrame.Close(1001), ClientFrame.Ping(), ClientFrame.Text("x"), [0xFF, 0xFF]], ["close 1000"]);

    [Fact]
    public Task Close_WhenItComesWithinAMessage_EndsIt() =>
        ExpectAsync([ClientFrame.Text("a", isFinal: false), ClientFrame.Close(1000), ClientFrame.Continuation("b", isFinal: true)], ["close 1000"]);

    [Fact]
    public Task Close_WhenItHasNoCode_IsAnsweredWithoutOne() => ExpectAsync([ClientFrame.Close()], ["close 1005"]);

    [Fact]
    public Task Close_WhenItIsOfOneByte_FailsWith1002() => ExpectFailureAsync(1002, ClientFrame.Build(0x88, [3]));

    [Fact]
    public Task Close_WhenItsReasonIsOf123Bytes_IsTaken() => ExpectAsync([ClientFrame.Close(1000, new string('x', 123))], ["close 1000"]);

    [Fact]
    public Task Close_WhenItsReasonIsLonger_FailsWith1002() => ExpectFailureAsync(1002, ClientFrame.Close(1000, new string('x', 124)));

    [Fact]
    public Task Close_WhenItsReasonIsNotUtf8_FailsWith1007() => ExpectFailureAsync(1007, ClientFrame.Close(1000, Convert.FromHexString("CEBAE1BDB9CF83CEBCCEB5EDA080")));

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1002)]
    [InlineData(1003)]
    [InlineData(1007)]
    [InlineData(1008)]
    [InlineData(1009)]
    [InlineData(1010)]
    [InlineData(1011)]
    [InlineData(1012)]
    [InlineData(1013)]
    [InlineData(1014)]
    [InlineData(3000)]
    [InlineData(3999)]
    [InlineData(4000)]
    [InlineData(4999)]
    public Task Close_WhenItsCodeMayBeSent_IsEchoed(int code) => ExpectAsync([ClientFrame.Close(code, "bye")], [$"close {code}"]);

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1004)]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(1015)]
    [InlineData(1016)]
    [InlineData(1100)]
    [InlineData(2000)]
    [InlineData(2999)]
    [InlineData(5000)]
    [InlineData(65535)]
    public Task Close_WhenItsCodeMayNotBeSent_FailsWith1002(int code) => ExpectFailureAsync(1002, ClientFrame.Close(code));

    [Fact]
    public async Task Close_WhenTheClientBegins_TheSessionHearsOfACleanEnd()
    {
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await client.SendAsync(ClientFrame.Close(1000));
        (await session.Closed).ShouldBeTrue();
        (await client.ReadToEndAsync()).ShouldBe(["close 1000"]);
        client.HalfClose();
        await session.DoAsync(transport => transport.Send("late"u8, FrameKind.Text));
        session.Closings.ShouldBe(1);
    }

    [Fact]
    public async Task Close_WhenTheSessionBegins_SendsWhatIsQueuedAndItsCode()
    {
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await session.DoAsync(transport =>
        {
            transport.Send("last"u8, FrameKind.Text);
            transport.Close(Disconnect.Shutdown);
            transport.Send("too late"u8, FrameKind.Text);
        });
        (await client.ReadAsync()).ToString().ShouldBe("text last");
        var close = await client.ReadAsync();
        close.CloseCode.ShouldBe(1001);
        Encoding.UTF8.GetString(close.Payload.AsSpan(2)).ShouldBe("shutdown");
        await client.SendAsync(ClientFrame.Close(1001));
        (await client.TryReadAsync()).ShouldBeNull();
        (await session.Closed).ShouldBeFalse();
    }

    [Fact]
    public async Task Close_WhenTheSessionBegins_WhatTheClientStillSendsIsIgnored()
    {
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await session.DoAsync(transport => transport.Close(Disconnect.Normal));
        await client.SendAsync([.. ClientFrame.Text("x"), .. ClientFrame.Ping(), .. ClientFrame.Close(1000)]);
        (await client.ReadToEndAsync()).ShouldBe(["close 1000"]);
    }

    [Fact]
    public async Task Close_WhenTheClientNeverAnswers_EndsAfterTheTimeout()
    {
        _options.CloseTimeoutMs = 100;
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await session.DoAsync(transport => transport.Close(Disconnect.Normal));
        (await session.Closed).ShouldBeFalse();
    }

    [Fact]
    public async Task Close_WhenASessionThrows_IsWith1011AndAlone()
    {
        Server.Gate.Intercept = (_, text) => text == "throw" ? throw new InvalidOperationException("On purpose.") : false;
        using var bad = await OpenAsync();
        using var good = await OpenAsync();
        await bad.SendAsync(ClientFrame.Text("throw"));
        (await bad.ReadAsync()).ToString().ShouldBe("close 1011");
        await good.SendAsync(ClientFrame.Text("fine"));
        (await good.ReadAsync()).ToString().ShouldBe("text fine");
    }

    [Fact]
    public async Task End_WhenTheClientOnlyHalfCloses_TheSessionEndsAndItsAnswersStillGo()
    {
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await client.SendAsync(ClientFrame.Text("hello"));
        client.HalfClose();
        (await client.ReadToEndAsync()).ShouldBe(["text hello"]);
        (await session.Closed).ShouldBeFalse();
    }

    [Fact]
    public async Task End_WhenTheClientResets_TheSessionHearsOfIt()
    {
        var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        client.Reset();
        (await session.Closed).ShouldBeFalse();
        session.Closings.ShouldBe(1);
    }

    [Fact]
    public async Task End_WhenTheSessionAborts_NothingMoreIsSent()
    {
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await session.DoAsync(transport =>
        {
            transport.Send("never"u8, FrameKind.Text);
            transport.Abort();
        });
        (await session.Closed).ShouldBeFalse();
        var received = "";
        try
        {
            received = await client.ReadTextToEndAsync();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // A reset is as good.
        }

        received.ShouldBeEmpty();
    }

    [Fact]
    public async Task End_WhenTheSessionAbortsWhileItReceives_IsToldOnce()
    {
        Server.Gate.Intercept = (session, _) =>
        {
            session.Transport.Abort();
            return true;
        };
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await client.SendAsync([.. ClientFrame.Text("a", isFinal: false), .. ClientFrame.Continuation("b", isFinal: true), .. ClientFrame.Text("c")]);
        (await session.Closed).ShouldBeFalse();
        session.Closings.ShouldBe(1);
    }

    [Fact]
    public async Task Ping_WhenTheSessionSendsOne_TheAnswerMovesWhenTheClientWasHeard()
    {
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        long before = 0;
        await session.DoAsync(transport =>
        {
            before = transport.LastHeardMs;
            transport.Ping();
        });
        (await client.ReadAsync()).ToString().ShouldBe("ping ");
        await client.SendAsync([.. ClientFrame.Pong(), .. ClientFrame.Text("x")]);
        await client.ReadAsync();
        await session.DoAsync(transport => transport.LastHeardMs.ShouldBeGreaterThanOrEqualTo(before));
    }
}
