using System.Text;
using Broker.Actors.Dialects.JsonRpcWs;

namespace Broker.Actors.Tests.Dialects.JsonRpcWs;

public sealed class CallbacksTests
{
    private readonly Callbacks _callbacks = new(max: 2);

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1", "1.0", true)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("\"a\"", "\"\\u0061\"", true)]
    [InlineData("[1,{\"a\":2}]", "[ 1, {\"a\" : 2} ]", true)]
    [InlineData("0", "false", false)]
    public async Task Answer_IsForTheRequestWhoseIdIsEqual(string asked, string answered, bool isEqual)
    {
        var request = Ask(asked);

        Answer($$"""{"id":{{answered}},"result":"yo"}""");

        request.Task.IsCompleted.ShouldBe(isEqual);
        if (isEqual)
        {
            (await request.Task).As<string>().ShouldBe("yo");
        }
    }

    [Fact]
    public async Task Add_OfOneTooMany_ThrowsTheOldestAway()
    {
        var (one, two, three) = (Ask("1"), Ask("2"), Ask("3"));

        (await one.Task).Why.ShouldBe(NoAnswer.TooMany);
        _callbacks.Count.ShouldBe(2);
        two.Task.IsCompleted.ShouldBeFalse();
        three.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task CloseAll_FailsEach()
    {
        var (one, two) = (Ask("1"), Ask("2"));

        _callbacks.CloseAll();

        foreach (var request in new[] { one, two })
        {
            var answer = await request.Task;
            answer.Why.ShouldBe(NoAnswer.ConnectionClosed);
            answer.IsError.ShouldBeTrue();
            answer.Error.GetString().ShouldBe("connection closed");
        }

        _callbacks.Count.ShouldBe(0);
    }

    [Fact]
    public void Forget_LeavesNothing()
    {
        var request = Ask("1");

        _callbacks.Forget(request);
        Answer("""{"id":1,"result":1}""");

        _callbacks.Count.ShouldBe(0);
        request.Task.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"id":1,"result":null,"error":null}""", "null", "null", false)]
    [InlineData("""{"id":1,"error":{"code":1}}""", "null", "{\"code\":1}", true)]
    [InlineData("""{"id":1,"result":false}""", "false", "null", false)]
    public async Task Answer_HasWhatTheClientGave(string text, string result, string error, bool isError)
    {
        var request = Ask("1");

        Answer(text);

        var answer = await request.Task;
        answer.Result.GetRawText().ShouldBe(result);
        answer.Error.GetRawText().ShouldBe(error);
        answer.IsError.ShouldBe(isError);
        answer.Why.ShouldBe(NoAnswer.None);
    }

    private PendingRequest Ask(string id)
    {
        var request = new PendingRequest(ServiceJson.Parse(Encoding.UTF8.GetBytes(id)));
        _callbacks.Add(request);
        return request;
    }

    private void Answer(string text)
    {
        JsonRpcWsReader.Read(Encoding.UTF8.GetBytes(text), maxDepth: 64, out var message).ShouldBe(JsonRpcWsVerdict.Response);
        _callbacks.Answer(message);
    }
}
