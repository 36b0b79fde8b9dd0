using System.Net;
using System.Text;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>
/// Writes the message source's replies in JSON, in the form of the request's version:
/// <code>
/// 2.0: {"jsonrpc":"2.0","result":RESULT,"id":ID}, with "error":ERROR instead of a result
/// 1.0: {"result":RESULT or null,"error":ERROR or null,"id":ID}
/// </code>
/// </summary>
internal static class SourceWriter
{
    public static void Result(PayloadWriter payload, SourceRequest request, ReadOnlySpan<byte> json)
    {
        payload.Write(request.IsVersion1 ? "{\"result\":"u8 : "{\"jsonrpc\":\"2.0\",\"result\":"u8);
        payload.Write(json);
        payload.Write(request.IsVersion1 ? ",\"error\":null"u8 : []);
        JsonRpcWriter.End(payload, request.Id.Span);
    }

    public static void Error(PayloadWriter payload, SourceRequest request, in JsonRpcError error)
    {
        payload.Write(request.IsVersion1 ? "{\"result\":null,\"error\":"u8 : "{\"jsonrpc\":\"2.0\",\"error\":"u8);
        JsonRpcWriter.ErrorObject(payload, error);
        JsonRpcWriter.End(payload, request.Id.Span);
    }

    public static byte[] Emitted(int receivers) => Encoding.ASCII.GetBytes($"\"emitted: {receivers}\"");

    public static byte[] Notified(int copies) => Encoding.ASCII.GetBytes($"\"notified: {copies}\"");

    /// <summary>One <c>[ip,port]</c> for each.</summary>
    public static byte[] Pairs(IReadOnlyCollection<IPEndPoint> remotes)
    {
        var payload = new PayloadWriter();
        payload.Write("["u8);
        foreach (var remote in remotes)
        {
            payload.Write(payload.WrittenCount == 1 ? "["u8 : ",["u8);
            payload.WriteText(remote.Address.ToString());
            payload.Write(","u8);
            payload.WriteNumber(remote.Port);
            payload.Write("]"u8);
        }

        payload.Write("]"u8);
        return payload.WrittenSpan.ToArray();
    }

    public static byte[] Names(IReadOnlyCollection<string> names)
    {
        var payload = new PayloadWriter();
        payload.Write("["u8);
        foreach (var name in names)
        {
            payload.Write(payload.WrittenCount == 1 ? [] : ","u8);
            payload.WriteText(name);
        }

        payload.Write("]"u8);
        return payload.WrittenSpan.ToArray();
    }
}
