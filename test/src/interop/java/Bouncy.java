import java.io.StringReader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.ers.ERSByteData;
import org.bouncycastle.tsp.ers.ERSData;
import org.bouncycastle.tsp.ers.ERSDataGroup;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.util.Store;

/** BouncyCastle's own verification of signatures, tokens and evidence records. What fails is thrown with its reason. */
final class Bouncy {
  private Bouncy() {}

  private static byte[] read(String path) throws Exception {
    return Files.readAllBytes(Path.of(path));
  }

  /** A detached signature with one signer whose certificate is attached and issued by the authority. */
  static List<String> verifyCms(String signature, String content, String authority) throws Exception {
    CMSSignedData signed = new CMSSignedData(new CMSProcessableByteArray(read(content)), read(signature));
    SignerInformation signer = onlySigner(signed);
    X509CertificateHolder certificate = certificateOf(signer, signed.getCertificates());
    requireIssued(certificate, authority);
    require(signer.verify(verifierOf(certificate)), "the signature does not verify");
    return List.of("signer\t" + certificate.getSubject());
  }

  /** The signature-time-stamp attribute of CAdES-T: a token over the signature value. */
  static List<String> verifySignatureTime(String signature, String authority) throws Exception {
    SignerInformation signer = onlySigner(new CMSSignedData(read(signature)));
    require(signer.getUnsignedAttributes() != null, "no unsigned attributes");
    Attribute attribute = signer.getUnsignedAttributes().get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
    require(attribute != null, "no signature timestamp");
    ASN1Primitive value = attribute.getAttrValues().getObjectAt(0).toASN1Primitive();
    return tokenOver(new TimeStampToken(new CMSSignedData(value.getEncoded())), signer.getSignature(), authority);
  }

  /** A whole RFC 3161 response over the bytes. */
  static List<String> verifyToken(String response, String data, String authority) throws Exception {
    return tokenOver(new TimeStampResponse(read(response)).getTimeStampToken(), read(data), authority);
  }

  private static List<String> tokenOver(TimeStampToken token, byte[] data, String authority) throws Exception {
    X509CertificateHolder certificate = firstMatch(token.getCertificates().getMatches(token.getSID()));
    requireIssued(certificate, authority);
    token.validate(verifierOf(certificate));
    var calculator = digests().get(token.getTimeStampInfo().getHashAlgorithm());
    try (var out = calculator.getOutputStream()) {
      out.write(data);
    }
    require(java.util.Arrays.equals(calculator.getDigest(), token.getTimeStampInfo().getMessageImprintDigest()),
        "the token is over other bytes");
    return List.of("time\t" + token.getTimeStampInfo().getGenTime().toInstant());
  }

  /** An evidence record over exactly the files, as one group: each chain of it, and its last token. */
  static List<String> verifyRecord(String record, String authority, List<String> files) throws Exception {
    ERSEvidenceRecord evidence = new ERSEvidenceRecord(read(record), digests());
    List<ERSData> group = new ArrayList<>();
    for (String file : files) group.add(new ERSByteData(read(file)));
    X509CertificateHolder certificate = evidence.getSigningCertificate();
    requireIssued(certificate, authority);
    evidence.validate(verifierOf(certificate));
    evidence.validatePresent(new ERSDataGroup(group), new Date());
    return List.of("present");
  }

  /** A list of the authority without any revocation, good for a day before and a year after now. */
  static List<String> makeCrl(String authority, String key, String target) throws Exception {
    X509Certificate issuer = Dss.certificates(Path.of(authority)).get(0);
    PrivateKey privateKey;
    try (PEMParser pem = new PEMParser(new StringReader(Files.readString(Path.of(key))))) {
      privateKey = new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) pem.readObject());
    }
    Instant now = Instant.now();
    var holder = new JcaX509CertificateHolder(issuer);
    var builder = new X509v2CRLBuilder(holder.getSubject(), Date.from(now.minusSeconds(60)));
    builder.setNextUpdate(Date.from(now.plusSeconds(31_536_000)));
    builder.addExtension(org.bouncycastle.asn1.x509.Extension.cRLNumber, false,
        new org.bouncycastle.asn1.x509.CRLNumber(BigInteger.ONE));
    X509CRLHolder list = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(privateKey));
    Files.write(Path.of(target), list.getEncoded());
    return List.of();
  }

  private static SignerInformation onlySigner(CMSSignedData signed) {
    Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
    require(signers.size() == 1, signers.size() + " signers");
    return signers.iterator().next();
  }

  @SuppressWarnings("unchecked")
  private static X509CertificateHolder certificateOf(SignerInformation signer, Store<X509CertificateHolder> store) {
    return firstMatch(store.getMatches(signer.getSID()));
  }

  private static X509CertificateHolder firstMatch(Collection<X509CertificateHolder> found) {
    require(!found.isEmpty(), "the signer's certificate is not attached");
    return found.iterator().next();
  }

  private static void requireIssued(X509CertificateHolder certificate, String authority) throws Exception {
    X509Certificate issuer = Dss.certificates(Path.of(authority)).get(0);
    var provider = new JcaContentVerifierProviderBuilder().build(issuer);
    require(certificate.isSignatureValid(provider), "another authority issued the certificate");
  }

  private static SignerInformationVerifier verifierOf(X509CertificateHolder certificate) throws Exception {
    return new JcaSimpleSignerInfoVerifierBuilder().build(certificate);
  }

  private static DigestCalculatorProvider digests() throws Exception {
    return new JcaDigestCalculatorProviderBuilder().build();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) throw new IllegalStateException(otherwise);
  }
}
