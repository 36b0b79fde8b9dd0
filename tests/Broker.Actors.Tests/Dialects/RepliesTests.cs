using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Dialects.RocketWs;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Dialects;

namespace Broker.Actors.Tests.Dialects;

public sealed class RepliesTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public void RocketWs_WhenAnswersAreLate_KeepsTheOrderOfRequests()
    {
        var session = _broker.Connect(new RocketWsDialect(new RocketWsOptions()));
        _broker.Hold();
        session.Receive("""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":["a"]}""");
        session.Receive("""{"jsonrpc":"2.0","id":2,"method":"heartbeat"}""");
        session.Receive("""[{"jsonrpc":"2.0","id":3,"method":"subscribe","params":["b"]},{"jsonrpc":"2.0","id":4,"method":"heartbeat"}]""");
        session.Receive("""[{"jsonrpc":"2.0","method":"heartbeat"}]""");
        session.Receive("{bad");
        session.Receive("""{"jsonrpc":"2.0","id":5,"method":"subscribe","params":["c"]}""");
        session.Sent.ShouldBeEmpty();

        _broker.ReleaseLast();
        _broker.ReleaseLast();
        session.Sent.ShouldBeEmpty();

        _broker.Release();
        Sent(session).ShouldBe(
        [
            """{"jsonrpc":"2.0","result":"subscribed","id":1}""",
            """{"jsonrpc":"2.0","result":{"heartbeat":"ok"},"id":2}""",
            """[{"jsonrpc":"2.0","result":"subscribed","id":3},{"jsonrpc":"2.0","result":{"heartbeat":"ok"},"id":4}]""",
            """{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}""",
            """{"jsonrpc":"2.0","result":"subscribed","id":5}""",
        ]);

        session.Receive("""{"jsonrpc":"2.0","id":6,"method":"heartbeat"}""");
        Sent(session).ShouldBe(["""{"jsonrpc":"2.0","result":{"heartbeat":"ok"},"id":6}"""]);
    }

    [Fact]
    public void Native_WhenAnswersAreLate_SendsWhatIsKnown()
    {
        var session = _broker.Connect(new NativeDialect(new NativeOptions()));
        _broker.Hold();
        session.Receive("""{"jsonrpc":"2.0","id":1,"method":"presence","params":{"channel":"a"}}""");
        session.Receive("""{"jsonrpc":"2.0","id":2,"method":"ping"}""");
        Sent(session).ShouldBe(["""{"jsonrpc":"2.0","result":{},"id":2}"""]);
        _broker.Release();
        Sent(session).ShouldHaveSingleItem().ShouldEndWith("\"id\":1}");
    }

    [Fact]
    public void RocketWs_WhenUnsubscribeOvertakesSubscribe_AnswersBoth()
    {
        var session = _broker.Connect(new RocketWsDialect(new RocketWsOptions()));
        _broker.Hold();
        session.Receive("""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":["a"]}""");
        session.Receive("""{"jsonrpc":"2.0","id":2,"method":"unsubscribe","params":["a"]}""");
        _broker.Release();
        Sent(session).ShouldBe(["""{"jsonrpc":"2.0","result":"subscribed","id":1}""", """{"jsonrpc":"2.0","result":"unsubscribed","id":2}"""]);
    }

    [Fact]
    public void Owe_WhenMoreIsOwedThanMayBe_ClosesTheConnection()
    {
        var session = _broker.Connect(new NativeDialect(new NativeOptions { OwedReplies = 16 }));
        _broker.Hold();
        for (var i = 0; i < 16; i++)
        {
            session.Receive("""{"jsonrpc":"2.0","id":1,"method":"history","params":{"channel":"a"}}""");
        }

        session.ClosedFor.ShouldBeNull();
        session.Receive("""{"jsonrpc":"2.0","id":1,"method":"history","params":{"channel":"a"}}""");
        session.ClosedFor.ShouldBe(Disconnect.TooManyCalls);
    }

    /// <summary>Answers that are known may wait for one that is not: they are bounded too.</summary>
    [Fact]
    public void Send_WhenMoreWaitsForAnAnswerThanMay_ClosesTheConnection()
    {
        var session = _broker.Connect(new RocketWsDialect(new RocketWsOptions { OwedReplies = 16 }));
        _broker.Hold();
        session.Receive("""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":["a"]}""");
        for (var i = 0; i < 15; i++)
        {
            session.Receive("""{"jsonrpc":"2.0","id":2,"method":"nope"}""");
        }

        session.ClosedFor.ShouldBeNull();
        session.Receive("""{"jsonrpc":"2.0","id":2,"method":"nope"}""");
        session.ClosedFor.ShouldBe(Disconnect.TooManyCalls);
    }

    [Fact]
    public void Received_OfABatchThatIsTooLarge_RefusesTheWhole()
    {
        var session = _broker.Connect(new NativeDialect(new NativeOptions { BatchRequests = 2 }));
        session.Receive("""[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"},3]""");
        Sent(session).ShouldHaveSingleItem().ShouldBe(
            """{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","data":{"message":"a batch holds at most 2 requests"}},"id":null}""");
    }

    [Fact]
    public void Received_OfBinaryJson_IsReadLikeText()
    {
        foreach (var dialect in (IDialect[])[new NativeDialect(new NativeOptions()), new RocketWsDialect(new RocketWsOptions())])
        {
            var session = _broker.Connect(dialect);
            session.Receive("""{"jsonrpc":"2.0","id":1,"method":"nope"}"""u8.ToArray(), FrameKind.Binary);
            Sent(session).ShouldBe(["""{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}"""]);
            session.Receive([.. "\""u8, 0xFF, .. "\""u8], FrameKind.Binary);
            Sent(session).ShouldBe(["""{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}"""]);
        }
    }

    [Fact]
    public void Native_HasACodeOfItsOwnForEachRefusal()
    {
        var session = _broker.Connect(new NativeDialect(new NativeOptions()));
        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var refusal in Enum.GetValues<Refusal>().Where(refusal => refusal != Refusal.None))
        {
            _broker.NextRefusal = refusal;
            session.Receive("""{"jsonrpc":"2.0","id":1,"method":"publish","params":{"channel":"a","event":"e","data":1}}""");
            var atOnce = Sent(session).ShouldHaveSingleItem();
            _broker.NextAnswer = refusal;
            session.Receive("""{"jsonrpc":"2.0","id":1,"method":"publish","params":{"channel":"a","event":"e","data":1}}""");
            Sent(session).ShouldBe([atOnce]);
            atOnce.ShouldContain("\"code\":-320");
            answers.Add(atOnce).ShouldBeTrue(atOnce);
        }
    }

    [Theory]
    [InlineData(Refusal.Forbidden, -32000)]
    [InlineData(Refusal.Unavailable, -32000)]
    [InlineData(Refusal.OutcomeUnknown, -32000)]
    [InlineData(Refusal.TooManySubscriptions, -32000)]
    [InlineData(Refusal.InvalidChannel, -32602)]
    public void RocketWs_TellsRefusals(Refusal refusal, int code)
    {
        var session = _broker.Connect(new RocketWsDialect(new RocketWsOptions()));
        _broker.NextRefusal = refusal;
        session.Receive("""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":["a"]}""");
        var atOnce = Sent(session).ShouldHaveSingleItem();
        atOnce.ShouldContain($"\"code\":{code},");
        atOnce.ShouldContain("\"data\":{\"type\":");
        _broker.NextAnswer = refusal;
        session.Receive("""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":["a"]}""");
        Sent(session).ShouldBe([atOnce]);
    }

    private static string[] Sent(FakeSession session)
    {
        var sent = session.Sent.Select(Encoding.UTF8.GetString).ToArray();
        session.Sent.Clear();
        return sent;
    }
}
