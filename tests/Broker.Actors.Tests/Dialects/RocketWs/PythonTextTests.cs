using System.Text;
using Broker.Actors.Dialects.RocketWs;

namespace Broker.Actors.Tests.Dialects.RocketWs;

public sealed class PythonTextTests
{
    [Theory]
    [InlineData("\"str\"", "str")]
    [InlineData("[1]", "[1]")]
    [InlineData("null", "None")]
    [InlineData("true", "True")]
    [InlineData("-1.5", "-1.5")]
    [InlineData("[]", "[]")]
    [InlineData("""[ "a" , null, [true,false], {"k":{"n":[]}, "m":1}, "it's", "\"'"]""", """[u'a', None, [True, False], {u'k': {u'n': []}, u'm': 1}, u"it's", u'"\'']""")]
    [InlineData("""["\u00e9\u2615\ud83d\ude00\n\\\u0001"]""", @"[u'\xe9\u2615\U0001f600\n\\\x01']")]
    public void Str_PrintsAsPythonDoes(string json, string expected) =>
        PythonText.Str(Encoding.UTF8.GetBytes(json)).ShouldBe(expected);

    [Fact]
    public void Str_OfALongText_IsCut() =>
        PythonText.Str(Encoding.UTF8.GetBytes("\"" + new string('x', 5_000) + "\"")).Length.ShouldBe(1_003);
}
