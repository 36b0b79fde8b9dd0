using System.Text;
using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Tests.Dialects.JsonRpc;

public sealed class JsonRpcReaderTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"m"}""", "Request")]
    [InlineData(""" {"method":"m","params":{},"id":1,"jsonrpc":"2.0"} """, "Request")]
    [InlineData("""{"method":"m","id":1.0}""", "Request")]
    [InlineData("""{"method":"m","id":1e2}""", "Request")]
    [InlineData("""{"method":"m","id":-0}""", "Request")]
    [InlineData("""{"method":"m","id":1e-1}""", "Invalid")]
    [InlineData("""{"method":"m","id":1e999}""", "Invalid")]
    [InlineData("""{"method":"m","id":{}}""", "Invalid")]
    [InlineData("""{"method":"m","id":false}""", "Invalid")]
    [InlineData("""{"method":1}""", "Invalid")]
    [InlineData("""{"method":1,"method":"m"}""", "Request")]
    [InlineData("""{"method":"m","method":1}""", "Invalid")]
    [InlineData("""{"method":"m","params":1}""", "Invalid")]
    [InlineData("""{"method":"r\u0070c.m"}""", "Invalid")]
    [InlineData("""{"method":"rpc"}""", "Request")]
    [InlineData("{}", "Invalid")]
    [InlineData("null", "Invalid")]
    [InlineData("[]", "Batch")]
    [InlineData("[1,]", "Unparsable")]
    [InlineData("", "Unparsable")]
    [InlineData("  ", "Unparsable")]
    [InlineData("{} {}", "Unparsable")]
    [InlineData("""{"method":"m"} x""", "Unparsable")]
    [InlineData("""{"method":"m",}""", "Unparsable")]
    [InlineData("""{"method":"m","params":{"a":01}}""", "Unparsable")]
    [InlineData("""{"method":"m","params":{"a":NaN}}""", "Unparsable")]
    [InlineData("""{"method":"m","params":{"a":"\x"}}""", "Unparsable")]
    [InlineData("{'method':'m'}", "Unparsable")]
    [InlineData("// m", "Unparsable")]
    [InlineData("\uFEFF{}", "Unparsable")]
    public void Read_TellsWhatATextIs(string text, string verdict) =>
        JsonRpcReader.Read(Encoding.UTF8.GetBytes(text), maxDepth: 64, out _).ToString().ShouldBe(verdict);

    [Theory]
    [InlineData(8, 8, false)]
    [InlineData(8, 9, true)]
    public void Read_TakesAsManyLevelsAsItMay(int maxDepth, int levels, bool isTooDeep)
    {
        // The request and its parameters are two.
        var data = new string('[', levels - 2) + new string(']', levels - 2);
        var verdict = JsonRpcReader.Read(Encoding.UTF8.GetBytes($$$"""{"method":"m","params":{"data":{{{data}}}}}"""), maxDepth, out _);
        verdict.ShouldBe(isTooDeep ? JsonRpcVerdict.Unparsable : JsonRpcVerdict.Request);
    }

    [Fact]
    public void Bind_OfMoreParametersThanAreRemembered_SaysTooMany()
    {
        var many = string.Join(',', Enumerable.Repeat("\"a\":1", 9));
        JsonRpcReader.Read(Encoding.UTF8.GetBytes($$$"""{"method":"m","params":{{{{many}}}}}"""), maxDepth: 64, out var request);
        request.Params.Bind(new JsonRpcSignature(required: 0, ["a"])).ShouldBe("too many parameters");
    }

    [Fact]
    public void Bind_GivesTheValueAsItCame()
    {
        var text = """{"params":{"data": {"a" : "\u00e9"} ,"x":1},"method":"m"}"""u8.ToArray();
        JsonRpcReader.Read(text, maxDepth: 64, out var request).ShouldBe(JsonRpcVerdict.Request);
        request.Params.Bind(new JsonRpcSignature(required: 1, ["data", "x"])).ShouldBeNull();
        Encoding.UTF8.GetString(request.Params[0].Raw).ShouldBe("""{"a" : "\u00e9"}""");
        Encoding.UTF8.GetString(text.AsSpan(request.Params[0].Start, request.Params[0].Raw.Length)).ShouldBe("""{"a" : "\u00e9"}""");
        request.Params[1].Raw.Length.ShouldBe(1);
    }
}
