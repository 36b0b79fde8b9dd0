namespace Broker.Architecture.Tests;

public sealed class BareCodeTests
{
    [Theory]
    [InlineData("a // b\nc", "a     \nc")]
    [InlineData("a /* b\nc */ d", "a     \n     d")]
    [InlineData("a \"b\\\"c\" d", "a        d")]
    [InlineData("a @\"b\\\" d", "a       d")]
    [InlineData("a @\"b\"\"c\" d", "a         d")]
    [InlineData("a $\"b{c[\"}\"]}d\" e", "a               e")]
    [InlineData("a $\"{{b\" c", "a        c")]
    [InlineData("a $@\"{b}\"\"\" c", "a           c")]
    [InlineData("a \"\"\"b \"c\" d\"\"\" e", "a               e")]
    [InlineData("a $$\"\"\"b\"\"\"u8 c", "a          u8 c")]
    [InlineData("a '\"' b '\\'' c", "a     b      c")]
    [InlineData("  #region it's\nb", "              \nb")]
    [InlineData("@class a", "@class a")]
    [InlineData("a \"unended", "a         ")]
    public void Of_KeepsNamesAndPlaces(string text, string bare) => BareCode.Of(text).ShouldBe(bare);
}
