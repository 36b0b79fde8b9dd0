using System.Buffers.Binary;
using System.Numerics;
using Broker.Messages.Cluster;

namespace Broker.Actors.Presence;

/// <summary>SipHash-2-4 of 64 bits (Aumasson and Bernstein, 2012): who does not know the key can neither foretell a hash nor make two alike.</summary>
internal static class SipHash
{
    public static ulong Of(DigestKey key, ReadOnlySpan<byte> bytes)
    {
        var state = new State(key);
        var last = (ulong)bytes.Length << 56;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            state.Take(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            last |= (ulong)bytes[i] << (8 * i);
        }

        state.Take(last);
        return state.End();
    }

    private struct State(DigestKey key)
    {
        private ulong _a = key.First ^ 0x736f6d6570736575;
        private ulong _b = key.Second ^ 0x646f72616e646f6d;
        private ulong _c = key.First ^ 0x6c7967656e657261;
        private ulong _d = key.Second ^ 0x7465646279746573;

        public void Take(ulong word)
        {
            _d ^= word;
            Round();
            Round();
            _a ^= word;
        }

        public ulong End()
        {
            _c ^= 0xff;
            for (var round = 0; round < 4; round++)
            {
                Round();
            }

            return _a ^ _b ^ _c ^ _d;
        }

        private void Round()
        {
            _a += _b;
            _b = BitOperations.RotateLeft(_b, 13) ^ _a;
            _a = BitOperations.RotateLeft(_a, 32);
            _c += _d;
            _d = BitOperations.RotateLeft(_d, 16) ^ _c;
            _a += _d;
            _d = BitOperations.RotateLeft(_d, 21) ^ _a;
            _c += _b;
            _b = BitOperations.RotateLeft(_b, 17) ^ _c;
            _c = BitOperations.RotateLeft(_c, 32);
        }
    }
}
