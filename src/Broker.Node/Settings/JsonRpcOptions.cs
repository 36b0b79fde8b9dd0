using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>Services written in C#, which clients call by JSON-RPC 1.0 at <c>/jsonrpc/NAME</c>: docs/jsonrpc.md.</summary>
public sealed class JsonRpcOptions
{
    /// <summary>Services from class libraries. Default none; a host can add its own in code.</summary>
    [ValidateEnumeratedItems]
    public IList<JsonRpcServiceOptions> Services { get; } = [];

    /// <summary>Requests of a service to one client that may wait for their answers; one more throws the oldest away. Default 32.</summary>
    [Range(1, 10_000)]
    public int Callbacks { get; set; } = 32;

    /// <summary>
    /// Whether a call that fails (an unknown method, wrong parameters, an exception) closes the connection without an answer, as the original did. Default false: it
    /// is answered with an error.
    /// </summary>
    public bool CloseOnCallError { get; set; }

    /// <summary>How long a method may take, as <c>hh:mm:ss</c>; then its call is answered with an error, and the next one runs. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan CallTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to answer a service's request, as <c>hh:mm:ss</c>, where the service does not say. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Calls of a client that may wait behind the one that runs. While there are as many nothing more is read of it; where the service waits for
    /// an answer of the client it is read on, and one more closes it with 3510. Default 64.
    /// </summary>
    [Range(1, 10_000)]
    public int QueuedCalls { get; set; } = 64;

    /// <summary>Bytes that a client's calls may have, all together, before it is the same. Default 256 KiB.</summary>
    [Range(1_024, 1 << 30)]
    public int QueuedBytes { get; set; } = 256 * 1024;
}
