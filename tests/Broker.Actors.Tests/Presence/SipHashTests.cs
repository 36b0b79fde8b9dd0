using Broker.Actors.Presence;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Presence;

/// <summary>The vectors of its authors: the key 00 01 .. 0f, messages 00 01 02 ..</summary>
public sealed class SipHashTests
{
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31UL)]
    [InlineData(1, 0x74f839c593dc67fdUL)]
    [InlineData(7, 0xab0200f58b01d137UL)]
    [InlineData(8, 0x93f5f5799a932462UL)]
    [InlineData(15, 0xa129ca6149be45e5UL)]
    public void Hash_OfTheAuthorsVectors_IsTheirs(int length, ulong hash) =>
        SipHash.Of(new DigestKey(0x0706050403020100, 0x0f0e0d0c0b0a0908), [.. Enumerable.Range(0, length).Select(one => (byte)one)]).ShouldBe(hash);
}
