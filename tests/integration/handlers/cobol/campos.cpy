       01  CAMPOS.
           05  TEXTO          PIC X(8).
           05  ZONA           PIC 9(5)V99.
           05  ZONA-S         PIC S9(5)V99.
           05  ZONA-DELANTE   PIC S9(4) SIGN LEADING.
           05  APARTE-FINAL   PIC S9(4) SIGN TRAILING SEPARATE.
           05  APARTE-DELANTE PIC S9(4) SIGN LEADING SEPARATE.
           05  EMPACADO       PIC S9(11)V99 COMP-3.
           05  EMPACADO-PAR   PIC S9(4) COMP-3.
           05  EMPACADO-U     PIC 9(5) COMP-3.
           05  BIN-2          PIC S9(4) COMP.
           05  BIN-4          PIC S9(7)V99 COMP.
           05  BIN-8          PIC S9(18) BINARY.
           05  NATIVO         PIC S9(9) COMP-5.
           05  NATIVO-U       PIC 9(4) COMP-5.
           05  CON-P          PIC S9(3)PPP.
           05  FILLER         PIC X(3).
           05  VECES          PIC 9(2) OCCURS 3 TIMES.
