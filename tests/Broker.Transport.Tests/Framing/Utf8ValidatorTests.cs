using System.Text;
using Broker.Transport.Framing;

namespace Broker.Transport.Tests.Framing;

public sealed class Utf8ValidatorTests
{
    [Fact]
    public void Feed_WhenAnyBytesComeInAnyPieces_AgreesWithTheDecoder()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var bytes = RandomBytes(random);
            var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
            var isValid = true;
            try
            {
                strict.GetCharCount(bytes);
            }
            catch (DecoderFallbackException)
            {
                isValid = false;
            }

            var validator = default(Utf8Validator);
            var taken = true;
            for (var start = 0; start < bytes.Length && taken;)
            {
                var length = random.Next(1, bytes.Length - start + 1);
                taken = validator.Feed(bytes.AsSpan(start, length));
                start += length;
            }

            (taken && validator.IsComplete).ShouldBe(isValid, $"seed {seed}: {Convert.ToHexString(bytes)}");
        }
    }

    [Theory]
    [InlineData("C0")]
    [InlineData("C1")]
    [InlineData("F5")]
    [InlineData("FF")]
    [InlineData("80")]
    [InlineData("E080")]
    [InlineData("EDA0")]
    [InlineData("F080")]
    [InlineData("F490")]
    [InlineData("CEBAE1BDB9CF83CEBCCEB5F490")]
    public void Feed_WhenTheLastByteIsTheFirstWrongOne_SaysSoAtOnce(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        default(Utf8Validator).Feed(bytes).ShouldBeFalse();
        var validator = default(Utf8Validator);
        for (var i = 0; i < bytes.Length - 1; i++)
        {
            validator.Feed(bytes.AsSpan(i, 1)).ShouldBeTrue();
        }

        validator.Feed(bytes.AsSpan(bytes.Length - 1)).ShouldBeFalse();
    }

    // Mostly valid text, sometimes with one byte changed or cut.
    private static byte[] RandomBytes(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => RandomRune(random).ToString())));
        if (bytes.Length > 0 && random.Next(2) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static Rune RandomRune(Random random) => new(random.Next(4) switch
    {
        0 => random.Next(0x80),
        1 => random.Next(0x80, 0x800),
        2 => random.Next(0x800, 0xD800),
        _ => random.Next(0x10000, 0x110000),
    });
}
