using Broker.Transport.Deflate;

namespace Broker.Transport.Tests.Deflate;

public sealed class DeflateParametersTests
{
    private const string Base = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    [Theory]
    [InlineData("permessage-deflate", "")]
    [InlineData("permessage-deflate; client_max_window_bits", "")]
    [InlineData("permessage-deflate; client_max_window_bits=8", "")]
    [InlineData("permessage-deflate; client_max_window_bits=\"10\"", "")]
    [InlineData("permessage-deflate; server_no_context_takeover; client_no_context_takeover", "")]
    [InlineData("permessage-deflate; server_max_window_bits=8", "; server_max_window_bits=8")]
    [InlineData("permessage-deflate;server_max_window_bits = \"1\\5\"", "; server_max_window_bits=15")]
    [InlineData("permessage-deflate; server_max_window_bits=10, permessage-deflate", "; server_max_window_bits=10")]
    [InlineData("x-webkit-deflate-frame, permessage-deflate; unknown, permessage-deflate; client_max_window_bits", "")]
    [InlineData("permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=9", "; server_max_window_bits=9")]
    [InlineData(", ,permessage-deflate,", "")]
    public void Negotiate_WhenAnOfferIsAcceptable_AnswersTheFirstOne(string header, string answer) =>
        DeflateParameters.Negotiate([header])!.Response.ShouldBe(Base + answer);

    [Theory]
    [InlineData("foo")]
    [InlineData("Permessage-Deflate2")]
    [InlineData("permessage-deflate; unknown")]
    [InlineData("permessage-deflate; server_max_window_bits")]
    [InlineData("permessage-deflate; server_max_window_bits=16")]
    [InlineData("permessage-deflate; server_max_window_bits=7")]
    [InlineData("permessage-deflate; server_max_window_bits=08")]
    [InlineData("permessage-deflate; client_max_window_bits=x")]
    [InlineData("permessage-deflate; client_max_window_bits=0")]
    [InlineData("permessage-deflate; server_no_context_takeover=1")]
    [InlineData("permessage-deflate; client_no_context_takeover=true")]
    [InlineData("permessage-deflate; client_no_context_takeover; client_no_context_takeover")]
    [InlineData("permessage-deflate; server_max_window_bits=9; server_max_window_bits=9")]
    public void Negotiate_WhenNoOfferIsAcceptable_AgreesOnNothing(string header) =>
        DeflateParameters.Negotiate([header]).ShouldBeNull();

    [Theory]
    [InlineData("permessage-deflate; server_max_window_bits=")]
    [InlineData("permessage-deflate; =9")]
    [InlineData("permessage-deflate; a=\"x")]
    [InlineData("permessage-deflate; a=\"\"")]
    [InlineData("permessage-deflate; a=\"b c\"")]
    [InlineData("permessage-deflate foo")]
    [InlineData("permessage-deflate;")]
    [InlineData(";")]
    public void Negotiate_WhenTheHeaderIsMalformed_Throws(string header) =>
        Should.Throw<FormatException>(() => DeflateParameters.Negotiate([header]));

    [Fact]
    public void Negotiate_WhenOffersComeInSeveralHeaders_ReadsThemAsOneList() =>
        DeflateParameters.Negotiate(["permessage-deflate; x", "permessage-deflate; server_max_window_bits=12"])!.ServerMaxWindowBits.ShouldBe(12);

    [Fact]
    public void Framing_WhenParametersAreEqual_IsTheSame() =>
        DeflateParameters.Negotiate(["permessage-deflate; server_max_window_bits=15"])!.Framing
            .ShouldBeSameAs(DeflateParameters.Negotiate(["permessage-deflate"])!.Framing);
}
