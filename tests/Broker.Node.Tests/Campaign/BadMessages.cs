using System.Globalization;
using System.Text;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>Messages that are no request, or ask for what cannot be, by name, and the errors of the native dialect and of RocketWS.</summary>
internal static class BadMessages
{
    private const int Deep = 100_000;

    private static readonly string Brackets = new string('[', Deep) + new string(']', Deep);

    public static readonly IReadOnlyDictionary<string, (byte[] Frame, int Native, int RocketWs)> All = new Dictionary<string, (byte[], int, int)>
    {
        ["nothing"] = Both("", -32700),
        ["no JSON"] = Both("{bad", -32700),
        ["two JSON values"] = Both("{} {}", -32700),
        ["half a request"] = Both("""{"jsonrpc":"2.0","id":1,"method":"pi""", -32700),
        ["binary noise"] = (ClientFrame.Binary([0, 1, 2, 0xFE, 0xFF]), -32700, -32700),
        ["zeros"] = Both(new string('\0', 1_000), -32700),
        ["arrays 100,000 deep"] = Both(Brackets, -32700),
        ["arrays 100,000 deep that never end"] = Both(new string('[', Deep), -32700),
        ["objects 10,000 deep"] = Both(string.Concat(Enumerable.Repeat("""{"a":""", 10_000)) + "1" + new string('}', 10_000), -32700),
        ["data 100,000 deep"] = Both(Calls.Request("publish", $$"""{"channel":"c","event":"e","data":{{Brackets}} }"""), -32700),
        ["a number"] = Both("1", -32600),
        ["null"] = Both("null", -32600),
        ["an empty batch"] = Both("[]", -32600),
        ["a batch of 1,001"] = Both("[" + string.Join(',', Enumerable.Repeat(Calls.Request("ping", "{}"), 1_001)) + "]", -32600),
        ["no method"] = Both("""{"jsonrpc":"2.0","id":1}""", -32600),
        ["a number as method"] = Both("""{"jsonrpc":"2.0","id":1,"method":1}""", -32600),
        ["an object as id"] = Both("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", -32600),
        ["a fifth member"] = Both("""{"jsonrpc":"2.0","id":1,"method":"ping","more":1}""", -32600),
        ["an unknown method"] = Both(Calls.Request("nope", "{}"), -32601),
        ["a method of 100,000 letters"] = Both(Calls.Request(new string('m', 100_000), "{}"), -32601),
        ["no channel"] = Both(Calls.Request("subscribe", "{}"), -32602),
        ["a number as channel"] = Both(Calls.Request("subscribe", """{"channel":1}"""), -32602),
        ["null as channel"] = Both(Calls.Request("subscribe", """{"channel":null}"""), -32602),
        ["an object as channel"] = Both(Calls.Request("subscribe", """{"channel":{"a":1}}"""), -32602),
        ["an unknown parameter"] = Both(Calls.Request("subscribe", """{"channel":"c","x":1}"""), -32602),
        ["a channel of 256 bytes"] = (Subscribe(new string('c', 256)), -32020, -32602),
        ["a channel of 100,000 bytes"] = (Subscribe(new string('c', 100_000)), -32020, -32602),
        ["a channel of 128 letters of two bytes"] = (Subscribe(new string('é', 128)), -32020, -32602),
        ["half a surrogate pair as channel"] = Both(Calls.Request("subscribe", """{"channel":"\ud800"}"""), -32602),
    };

    private static (byte[] Frame, int Native, int RocketWs) Both(string text, int code) => (ClientFrame.Text(Encoding.UTF8.GetBytes(text)), code, code);

    private static byte[] Subscribe(string channel) =>
        ClientFrame.Text(Calls.Request("subscribe", string.Create(CultureInfo.InvariantCulture, $$"""{"channel":"{{channel}}"}""")));
}
