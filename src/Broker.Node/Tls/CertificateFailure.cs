namespace Broker.Node.Tls;

/// <summary>Why a certificate cannot serve.</summary>
/// <param name="IsOfKey">Whether the key's file is wrong, rather than the certificate's.</param>
/// <param name="Text">What is wrong with it; begins with a verb.</param>
internal sealed record CertificateFailure(bool IsOfKey, string Text);
