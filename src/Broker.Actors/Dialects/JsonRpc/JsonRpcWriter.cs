using Broker.Actors.Loops;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>
/// Writes replies:
/// <code>
/// {"jsonrpc":"2.0","result":RESULT,"id":ID}
/// {"jsonrpc":"2.0","error":{"code":CODE,"message":MESSAGE,"data":DATA},"id":ID}
/// DATA = {"type":TYPE,"args":[DETAIL],"message":DETAIL} where failures have a type, else {"message":DETAIL}
/// </code>
/// </summary>
internal static class JsonRpcWriter
{
    /// <summary>What follows is the result, then <see cref="End"/>.</summary>
    public static void BeginResult(PayloadWriter payload) => payload.Write("{\"jsonrpc\":\"2.0\",\"result\":"u8);

    /// <param name="id">As it came; empty where none could be read.</param>
    public static void End(PayloadWriter payload, ReadOnlySpan<byte> id)
    {
        payload.Write(",\"id\":"u8);
        payload.WriteJson(id);
        payload.Write("}"u8);
    }

    public static void Error(PayloadWriter payload, in JsonRpcError error, ReadOnlySpan<byte> id)
    {
        payload.Write("{\"jsonrpc\":\"2.0\",\"error\":"u8);
        ErrorObject(payload, error);
        End(payload, id);
    }

    public static void ErrorObject(PayloadWriter payload, in JsonRpcError error)
    {
        payload.Write("{\"code\":"u8);
        payload.WriteNumber(error.Code);
        payload.Write(",\"message\":"u8);
        payload.WriteText(error.Message);
        if (error.Detail is { } detail)
        {
            payload.Write(",\"data\":{"u8);
            if (error.Type is { } type)
            {
                payload.Write("\"type\":"u8);
                payload.WriteText(type);
                payload.Write(",\"args\":["u8);
                payload.WriteText(detail);
                payload.Write("],"u8);
            }

            payload.Write("\"message\":"u8);
            payload.WriteText(detail);
            payload.Write("}"u8);
        }

        payload.Write("}"u8);
    }
}
