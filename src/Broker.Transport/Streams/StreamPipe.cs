using System.IO.Pipelines;

namespace Broker.Transport.Streams;

/// <summary>A duplex stream as a pipe. Holds no buffer while it waits for something to read.</summary>
internal sealed class StreamPipe(Stream stream, Action shutdown) : IDuplexPipe
{
    private const int ReadSize = 16 * 1024;

    public PipeReader Input { get; } =
        PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize, leaveOpen: true, useZeroByteReads: true));

    public PipeWriter Output { get; } = PipeWriter.Create(new SendSide(stream, shutdown));
}
