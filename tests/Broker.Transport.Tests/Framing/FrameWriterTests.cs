using System.Text;
using Broker.Actors.Sessions;
using Broker.Transport.Framing;

namespace Broker.Transport.Tests.Framing;

public sealed class FrameWriterTests
{
    [Theory]
    [InlineData(0, "8100")]
    [InlineData(125, "817D")]
    [InlineData(126, "817E007E")]
    [InlineData(65535, "817EFFFF")]
    [InlineData(65536, "817F0000000000010000")]
    public void Frame_WhenAPayloadHasThisLength_WritesTheShortestHeader(int length, string header)
    {
        var payload = new byte[length];
        Array.Fill(payload, (byte)'x');
        var destination = new byte[PlainFraming.Instance.MaxSize(length)];

        var written = PlainFraming.Instance.Frame(payload, FrameKind.Text, destination);

        Convert.ToHexString(destination.AsSpan(0, header.Length / 2)).ShouldBe(header);
        destination.AsSpan(header.Length / 2, length).SequenceEqual(payload).ShouldBeTrue();
        written.ShouldBe(header.Length / 2 + length);
        FrameWriter.HeaderSize(length).ShouldBe(header.Length / 2);
    }

    [Fact]
    public void WriteClose_WhenTheReasonIsTooLong_CutsItBetweenCharacters()
    {
        var destination = new byte[127];
        var written = FrameWriter.WriteClose(destination, 1008, new string('é', 100));
        written.ShouldBe(2 + 2 + 122);
        Encoding.UTF8.GetString(destination, 4, 122).ShouldBe(new string('é', 61));
    }

    [Fact]
    public void WriteClose_WhenThereIsNoCode_WritesNoPayload()
    {
        var destination = new byte[127];
        destination.AsSpan(0, FrameWriter.WriteClose(destination, CloseCodes.NoStatus, "")).ToArray().ShouldBe(new byte[] { 0x88, 0 });
    }
}
