using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>One message as it stands in its text: nothing is copied. What is empty was not there; an id of null is none.</summary>
internal ref struct JsonRpcWsMessage
{
    /// <summary>Any JSON value but null, as it came.</summary>
    public ReadOnlySpan<byte> Id { get; set; }

    /// <summary>What stands between the method's quotes.</summary>
    public ReadOnlySpan<byte> Method { get; set; }

    /// <summary>Any JSON value; only an array is right.</summary>
    public ReadOnlySpan<byte> Params { get; set; }

    /// <summary>The params' first token; None where there are none.</summary>
    public JsonTokenType ParamsKind { get; set; }

    public ReadOnlySpan<byte> Result { get; set; }

    public ReadOnlySpan<byte> Error { get; set; }
}
