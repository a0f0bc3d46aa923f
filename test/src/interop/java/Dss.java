import eu.europa.esig.dss.crl.CRLUtils;
import eu.europa.esig.dss.detailedreport.DetailedReport;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.EvidenceRecordWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.model.x509.revocation.crl.CRL;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.RevocationSource;
import eu.europa.esig.dss.spi.x509.revocation.RevocationToken;
import eu.europa.esig.dss.spi.x509.revocation.crl.CRLToken;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** EU DSS with its own policy, the authorities of a directory as the only trust, and their revocation lists. */
final class Dss {
  private Dss() {}

  /**
   * One line a signature, timestamp and evidence record: what, name or type, level, indication, sub-indication.
   * `trust` holds seal-ca.pem, tsa-ca.pem and beside each its list: seal-ca.crl, tsa-ca.crl.
   */
  static List<String> validate(String container, String trust) throws Exception {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (String name : List.of("seal-ca.pem", "tsa-ca.pem"))
      for (X509Certificate certificate : certificates(Path.of(trust, name)))
        trusted.addCertificate(new CertificateToken(certificate));
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAIASource(null);
    verifier.setCrlSource(new Lists(Path.of(trust)));
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(container));
    validator.setCertificateVerifier(verifier);
    return linesOf(validator.validateDocument());
  }

  private static List<String> linesOf(Reports reports) {
    SimpleReport simple = reports.getSimpleReport();
    DetailedReport detailed = reports.getDetailedReport();
    DiagnosticData diagnostic = reports.getDiagnosticData();
    List<String> lines = new ArrayList<>();
    lines.add("container\t" + simple.getContainerType());
    for (String id : simple.getSignatureIdList())
      lines.add(String.join("\t", "signature", String.valueOf(simple.getTokenFilename(id)),
          String.valueOf(simple.getSignatureFormat(id)), String.valueOf(simple.getIndication(id)),
          String.valueOf(simple.getSubIndication(id))));
    for (TimestampWrapper timestamp : diagnostic.getTimestampList()) {
      String id = timestamp.getId();
      lines.add(String.join("\t", "timestamp", String.valueOf(timestamp.getType()), "",
          String.valueOf(detailed.getBasicTimestampValidationIndication(id)),
          String.valueOf(detailed.getBasicTimestampValidationSubIndication(id))));
    }
    for (EvidenceRecordWrapper record : diagnostic.getEvidenceRecords()) {
      String id = record.getId();
      lines.add(String.join("\t", "evidence-record", record.getFilename(),
          String.valueOf(detailed.getEvidenceRecordLowestPOETime(id)),
          String.valueOf(detailed.getEvidenceRecordValidationIndication(id)),
          String.valueOf(detailed.getEvidenceRecordValidationSubIndication(id))));
    }
    return lines;
  }

  static List<X509Certificate> certificates(Path pem) throws Exception {
    List<X509Certificate> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(pem)) {
      for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in))
        found.add((X509Certificate) certificate);
    }
    return found;
  }

  /** The list of whichever authority issued the certificate. */
  private record Lists(Path trust) implements RevocationSource<CRL> {
    @Override
    public RevocationToken<CRL> getRevocationToken(CertificateToken certificate, CertificateToken issuer) {
      try {
        for (String name : List.of("seal-ca", "tsa-ca")) {
          if (!certificates(trust.resolve(name + ".pem")).contains(issuer.getCertificate())) continue;
          var list = CRLUtils.buildCRLBinary(Files.readAllBytes(trust.resolve(name + ".crl")));
          return new CRLToken(certificate, CRLUtils.buildCRLValidity(list, issuer));
        }
        return null;
      } catch (Exception error) {
        throw new IllegalStateException(error);
      }
    }
  }
}
