using System.Diagnostics;
using System.Text;
using Broker.Actors.Dialects.Http;
using Broker.Cluster.RabbitMq.Source;
using Broker.Messages;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq.Tests.Source;

public sealed class SourceReaderTests
{
    private readonly SourceReader _reader = new(new SourceOptions { DataBytes = 100, JsonDepth = 3 }, new RecordedIngress());

    [Fact]
    public void Message_WithNothingButABody_IsAnEventOfItsRoutingKey()
    {
        var message = Read("chat.room/1 #*ü", " {\"a\": 1}\n");

        message.Channel.ShouldBe(new ChannelName("default", "chat.room/1 #*ü"));
        message.Event.ShouldBeNull();
        message.Key.ShouldBeNull();
        message.Cause.ShouldBeNull();
        Encoding.UTF8.GetString(message.Data.Span).ShouldBe("{\"a\": 1}");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("application/json", "utf-8")]
    [InlineData("Application/JSON; charset=utf-8", "UTF-8")]
    [InlineData("", "identity")]
    public void Message_WithAllOfIt_IsReadAsTheFormSays(string? type, string? encoding)
    {
        var channel = new string('c', 300);
        var properties = new BasicProperties
        {
            Type = "said",
            MessageId = "m1",
            ContentType = type,
            ContentEncoding = encoding,
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["app"] = "shop"u8.ToArray(),
                ["channel"] = channel,
                ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                ["__TypeId__"] = 7,
            },
        };

        var message = Read("", "null", properties);

        message.Channel.ShouldBe(new ChannelName("shop", channel));
        message.Event.ShouldBe("said");
        message.Key.ShouldBe("m1");
        message.Cause!.Value.TraceId.ShouldBe(ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"));
    }

    [Fact]
    public void Message_WithAnEmptyMessageId_HasAnEmptyKey() => Read("chat", "1", new BasicProperties { MessageId = "" }).Key.ShouldBe("");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("hello")]
    [InlineData("{\"a\":1} 2")]
    [InlineData("[[[[1]]]]")]
    [InlineData("\uFEFF1")]
    public void Body_ThatIsNotOneJsonValue_IsBadJson(string body) => Problem("chat", Encoding.UTF8.GetBytes(body)).Code.ShouldBe("bad_json");

    [Fact]
    public void Body_ThatIsNotUtf8_IsBadJson() => Problem("chat", [(byte)'"', 0xC3, (byte)'"']).Code.ShouldBe("bad_json");

    [Fact]
    public void Body_ThatIsTooLarge_IsToldApart() => Problem("chat", new byte[101]).Code.ShouldBe("data_too_large");

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/octet-stream", null)]
    [InlineData("application/json", "gzip")]
    public void Content_ThatIsNotJson_IsNotTaken(string type, string? encoding) =>
        Problem("chat", "1"u8.ToArray(), new BasicProperties { ContentType = type, ContentEncoding = encoding }).Code.ShouldBe("unsupported_media_type");

    [Theory]
    [InlineData("app", 7)]
    [InlineData("channel", true)]
    [InlineData("traceparent", 1.5)]
    public void Header_ThatIsNoText_IsRefused(string name, object value)
    {
        var problem = Problem("chat", "1"u8.ToArray(), WithHeader(name, value));

        problem.Code.ShouldBe("bad_parameter");
        problem.Detail.ShouldBe($"the header {name} is not text");
    }

    [Fact]
    public void Header_ThatIsNotUtf8_IsRefused() => Problem("chat", "1"u8.ToArray(), WithHeader("app", new byte[] { 0xFF })).Code.ShouldBe("bad_parameter");

    [Fact]
    public void Channel_NamedTwice_OrNotAtAll_OrNotInUtf8_IsRefused()
    {
        Problem("chat", "1"u8.ToArray(), WithHeader("channel", "chat")).Detail.ShouldBe("there is a routing key beside the header channel: there is one or the other");
        Problem("", "1"u8.ToArray()).Detail.ShouldBe("there is neither a routing key nor a header channel");
        Problem("a\uFFFD", "1"u8.ToArray()).Detail.ShouldBe("the routing key is not UTF-8");
    }

    [Fact]
    public void App_ThatIsNotServed_IsUnknown() => Problem("chat", "1"u8.ToArray(), WithHeader("app", "$node")).ShouldBe(ApiProblem.UnknownApp);

    [Fact]
    public void Traceparent_ThatIsNone_IsLeftOut() => Read("chat", "1", WithHeader("traceparent", "yes")).Cause.ShouldBeNull();

    private static BasicProperties WithHeader(string name, object value) =>
        new() { Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = value } };

    private SourceMessage Read(string routingKey, string body, BasicProperties? properties = null)
    {
        _reader.Read(routingKey, properties ?? new BasicProperties(), Encoding.UTF8.GetBytes(body), out var message).ShouldBeNull();
        return message!;
    }

    private ApiProblem Problem(string routingKey, byte[] body, BasicProperties? properties = null)
    {
        var problem = _reader.Read(routingKey, properties ?? new BasicProperties(), body, out var message);
        message.ShouldBeNull();
        return problem.ShouldNotBeNull();
    }
}
