using System.Text;
using System.Text.Json;
using Broker.Actors.Dialects.JsonRpcWs;

namespace Broker.Actors.Tests.Dialects.JsonRpcWs;

public sealed class JsonRpcWsReaderTests
{
    private const int Depth = 8;

    [Theory]
    [InlineData("""{"id":1,"method":"m","params":[]}""", "Call")]
    [InlineData("""{"method":"m"}""", "Call")]
    [InlineData("""{"id":null,"method":"m","result":1}""", "Call")]              // a method rules
    [InlineData("""{"id":1,"method":"m","params":{}}""", "Call")]                // whether params fit is the call's matter
    [InlineData("""{"id":1,"\u006dethod":"m"}""", "Call")]
    [InlineData("""{"method":5,"method":"m"}""", "Call")]                        // the last counts
    [InlineData("""{"id":1,"result":null,"error":"e"}""", "Response")]
    [InlineData("""{"id":1,"result":0}""", "Response")]
    [InlineData("""{"id":1,"error":null}""", "Response")]
    [InlineData("""{"id":[1],"result":false,"other":{"method":"m"}}""", "Response")]
    [InlineData("""{"id":null,"result":1}""", "Invalid")]
    [InlineData("""{"result":"x"}""", "Invalid")]
    [InlineData("""{"id":1}""", "Invalid")]
    [InlineData("{}", "Invalid")]
    [InlineData("5", "Invalid")]
    [InlineData("null", "Invalid")]
    [InlineData("\"text\"", "Invalid")]
    [InlineData("""[{"id":1,"method":"m"}]""", "Invalid")]
    [InlineData("""{"id":1,"method":""}""", "Invalid")]
    [InlineData("""{"id":1,"method":5}""", "Invalid")]
    [InlineData("""{"id":1,"method":null,"result":1}""", "Invalid")]
    [InlineData("""{"id":1,"method":{"a":"b"}}""", "Invalid")]
    [InlineData("""{"id":1,"method":"m","method":5}""", "Invalid")]
    [InlineData("", "Unparsable")]
    [InlineData("{bad", "Unparsable")]
    [InlineData("""{"id":1,"method":"m"}x""", "Unparsable")]
    [InlineData("""{"id":1,"method":"m","params":[}""", "Unparsable")]
    [InlineData("""{"params":[[[[[[[[1]]]]]]]],"method":"m"}""", "Unparsable")]   // too deep
    public void Read_TellsTheKindsApart(string text, string verdict) =>
        JsonRpcWsReader.Read(Encoding.UTF8.GetBytes(text), Depth, out _).ToString().ShouldBe(verdict);

    [Fact]
    public void Read_NotesWhereMembersStand()
    {
        var text = """{ "params" : [1, {"a":[]}], "id" : [ 1 ], "method" : "m\u0041", "result": "r", "error" : {"e":1} }"""u8;

        JsonRpcWsReader.Read(text, Depth, out var message);

        Encoding.UTF8.GetString(message.Params).ShouldBe("""[1, {"a":[]}]""");
        message.ParamsKind.ShouldBe(JsonTokenType.StartArray);
        Encoding.UTF8.GetString(message.Id).ShouldBe("[ 1 ]");
        Encoding.UTF8.GetString(message.Method).ShouldBe("m\\u0041");
        Encoding.UTF8.GetString(message.Result).ShouldBe("\"r\"");
        Encoding.UTF8.GetString(message.Error).ShouldBe("""{"e":1}""");
    }

    [Theory]
    [InlineData("""{"id":null,"method":"m"}""")]
    [InlineData("""{"id":1,"id":null,"method":"m"}""")]
    [InlineData("""{"method":"m"}""")]
    public void Read_OfANotification_HasNoId(string text)
    {
        JsonRpcWsReader.Read(Encoding.UTF8.GetBytes(text), Depth, out var message);

        message.Id.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Of_AMethodThatIsNoText_IsNoCall()
    {
        JsonRpcWsReader.Read("""{"id":1,"method":"\ud800"}"""u8, Depth, out var message);

        ServiceCall.Of(message, bytes: 1).ShouldBeNull();
    }
}
