using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Broker.Actors.Sessions;

namespace Broker.Transport.Framing;

/// <summary>
/// Reads a client's messages and control frames out of bytes that come in any pieces (RFC 6455 sections 5 and 8.1,
/// RFC 7692 section 6). Between messages it holds a few words. The first mistake is found with the byte that makes it.
/// </summary>
/// <param name="maxMessageBytes">Bytes of the largest message, fragments together, inflated.</param>
/// <param name="isDeflateAgreed">True when permessage-deflate without the client's context takeover was negotiated.</param>
internal sealed class MessageReader(int maxMessageBytes, bool isDeflateAgreed) : IDisposable
{
    private FrameHeader _frame;
    private long _remaining;
    private uint _mask;
    private Carry _carry;   // a header that came in pieces
    private byte _carried;
    private bool _inFrame;
    private byte[]? _control;
    private MessageAssembly? _message;

    /// <summary>How to close after <see cref="ReadOutcome.Failed"/>.</summary>
    public Disconnect? Failure { get; private set; }

    private bool IsMessageUnderWay => _message is not null;

    /// <summary>
    /// Reads up to the next whole message or control frame. The input is unmasked in place and moved past what was used.
    /// </summary>
    /// <param name="payload">
    /// Valid until the next call. Part of the input when a message lies whole and unfragmented in it; else a buffer of the reader's.
    /// </param>
    public ReadOutcome Read(ref Span<byte> input, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (Failure is not null)
        {
            return ReadOutcome.Failed;
        }

        if (_message is { IsDelivered: true })
        {
            _message.Dispose();
            _message = null;
        }

        while (true)
        {
            if (!_inFrame && !TryReadHeader(ref input))
            {
                return Failure is null ? ReadOutcome.NeedMore : ReadOutcome.Failed;
            }

            var taken = input[..(int)Math.Min(_remaining, input.Length)];
            input = input[taken.Length..];
            _mask = Masking.Apply(taken, _mask);
            _remaining -= taken.Length;
            var outcome = _frame.IsControl ? ReadControl(taken, out payload) : ReadData(taken, out payload);
            if (outcome != ReadOutcome.NeedMore || _inFrame)
            {
                return outcome;
            }
        }
    }

    public void Dispose()
    {
        _message?.Dispose();
        _message = null;
        Failure ??= Disconnect.Normal;
    }

    private bool TryReadHeader(ref Span<byte> input)
    {
        if (_carried == 0 && input.Length >= 2 && FrameHeader.SizeOf(input[1]) is var size && input.Length >= size)
        {
            var header = input[..size];
            input = input[size..];
            return TryBegin(header);
        }

        Span<byte> carry = _carry;
        while (!input.IsEmpty)
        {
            carry[_carried++] = input[0];
            input = input[1..];
            if (_carried <= 2)
            {
                if ((_carried == 1 ? CheckFirst(carry[0]) : CheckSecond(carry[0], carry[1])) is { } failure)
                {
                    Fail(failure);
                    return false;
                }
            }
            else if (_carried == FrameHeader.SizeOf(carry[1]))
            {
                var header = carry[.._carried];
                _carried = 0;
                return TryBegin(header);
            }
        }

        return false;
    }

    private bool TryBegin(ReadOnlySpan<byte> header)
    {
        _frame = FrameHeader.Read(header);
        var failure = CheckFirst(header[0]) ?? CheckSecond(header[0], header[1]) ?? CheckLength();
        if (failure is not null)
        {
            Fail(failure);
            return false;
        }

        _remaining = _frame.Length;
        _mask = _frame.Mask;
        _inFrame = true;
        _control = null;
        return true;
    }

    private Disconnect? CheckFirst(byte first)
    {
        var header = new FrameHeader(first, 0, 0);
        var isValid = !header.IsRsv23 && header.Opcode switch
        {
            Opcode.Text or Opcode.Binary => !IsMessageUnderWay && (isDeflateAgreed || !header.IsRsv1),
            Opcode.Continuation => IsMessageUnderWay && !header.IsRsv1,
            Opcode.Close or Opcode.Ping or Opcode.Pong => header.IsFinal && !header.IsRsv1,
            _ => false,
        };
        return isValid ? null : Disconnect.ProtocolError;
    }

    private static Disconnect? CheckSecond(byte first, byte second)
    {
        var isMasked = (second & FrameHeader.MaskBit) != 0;
        var isControl = (first & 0x08) != 0;
        return isMasked && (!isControl || (second & 0x7F) <= FrameHeader.MaxControlPayload) ? null : Disconnect.ProtocolError;
    }

    private Disconnect? CheckLength()
    {
        if (_frame.Length < 0)
        {
            return Disconnect.ProtocolError;
        }

        var isDeflated = _message?.IsDeflated ?? _frame.IsRsv1;
        var limit = isDeflated ? MessageAssembly.MaxDeflatedBytes(maxMessageBytes) : maxMessageBytes;
        return _frame.IsControl || _frame.Length <= limit - (_message?.WireBytes ?? 0) ? null : Disconnect.TooBig;
    }

    private ReadOutcome ReadControl(ReadOnlySpan<byte> taken, out ReadOnlySpan<byte> payload)
    {
        payload = taken;
        if (taken.Length != _frame.Length)
        {
            _control ??= new byte[FrameHeader.MaxControlPayload];
            taken.CopyTo(_control.AsSpan((int)(_frame.Length - _remaining) - taken.Length));
            if (_remaining > 0)
            {
                return ReadOutcome.NeedMore;
            }

            payload = _control.AsSpan(0, (int)_frame.Length);
        }

        _inFrame = false;
        switch (_frame.Opcode)
        {
            case Opcode.Ping: return ReadOutcome.Ping;
            case Opcode.Pong: return ReadOutcome.Pong;
            default: return CloseCodes.Check(payload) is { } failure ? Fail(failure) : ReadOutcome.Close;
        }
    }

    private ReadOutcome ReadData(ReadOnlySpan<byte> taken, out ReadOnlySpan<byte> payload)
    {
        payload = taken;
        if (!IsMessageUnderWay && _frame.IsFinal && !_frame.IsRsv1 && taken.Length == _frame.Length)
        {
            _inFrame = false;
            return _frame.Opcode == Opcode.Binary ? ReadOutcome.Binary
                : Utf8.IsValid(taken) ? ReadOutcome.Text
                : Fail(Disconnect.InvalidPayload);
        }

        _message ??= new MessageAssembly((FrameKind)_frame.Opcode, _frame.IsRsv1, maxMessageBytes);
        if (_message.Append(taken, _remaining) is { } failure)
        {
            return Fail(failure);
        }

        _inFrame = _remaining > 0;
        if (_inFrame || !_frame.IsFinal)
        {
            return ReadOutcome.NeedMore;
        }

        if (_message.Complete() is { } incomplete)
        {
            return Fail(incomplete);
        }

        payload = _message.Payload;
        return _message.Kind == FrameKind.Text ? ReadOutcome.Text : ReadOutcome.Binary;
    }

    private ReadOutcome Fail(Disconnect failure)
    {
        Dispose();
        Failure = failure;
        return ReadOutcome.Failed;
    }

    [InlineArray(FrameHeader.MaxSize)]
    private struct Carry
    {
        private byte _first;
    }
}
