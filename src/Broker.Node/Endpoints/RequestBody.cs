using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Broker.Node.Endpoints;

/// <summary>The whole body of a request, in the server's own buffer where it is in one piece there.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly PipeReader _reader;
    private readonly SequencePosition _end;

    private RequestBody(PipeReader reader, in ReadOnlySequence<byte> buffer)
    {
        _reader = reader;
        _end = buffer.End;
        Bytes = buffer.IsSingleSegment ? buffer.First : buffer.ToArray();
    }

    /// <summary>Valid until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Null when it is larger than a body may be.</summary>
    public static async ValueTask<RequestBody?> ReadAsync(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (context.Request.ContentLength > limit)
        {
            return null;
        }

        try
        {
            var reader = context.Request.BodyReader;
            while (true)
            {
                var result = await reader.ReadAsync(context.RequestAborted);
                if (result.IsCompleted)
                {
                    return new RequestBody(reader, result.Buffer);
                }

                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (BadHttpRequestException wrong) when (wrong.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    public void Dispose() => _reader.AdvanceTo(_end);
}
