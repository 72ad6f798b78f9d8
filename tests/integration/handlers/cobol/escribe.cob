      *> Writes records with every kind of field: what the compiler makes of numbers, for a reader of ours to read.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. ESCRIBE.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT SALIDA ASSIGN TO "CAMPOS.DAT"
               ORGANIZATION IS SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD  SALIDA.
           COPY "campos.cpy".
       WORKING-STORAGE SECTION.
       01  I                  PIC S9(9) COMP.
       01  S                  PIC S9(9) COMP.
       01  N                  PIC S9(9) COMP.
       PROCEDURE DIVISION.
       PRINCIPAL.
           OPEN OUTPUT SALIDA
           PERFORM VARYING I FROM 0 BY 1 UNTIL I = 400
               INITIALIZE CAMPOS
               IF FUNCTION MOD(I 2) = 0 MOVE 1 TO S ELSE MOVE -1 TO S
               END-IF
               STRING "N" DELIMITED BY SIZE INTO TEXTO END-STRING
               MOVE I TO N
               MULTIPLY 7 BY N
               COMPUTE ZONA = N / 4
               COMPUTE ZONA-S = S * N * 3 / 4
               COMPUTE ZONA-DELANTE = S * N
               COMPUTE APARTE-FINAL = S * N
               COMPUTE APARTE-DELANTE = - S * N
               COMPUTE EMPACADO = S * N * 1234567 / 4
               COMPUTE EMPACADO-PAR = S * N
               COMPUTE EMPACADO-U = N * 5
               COMPUTE BIN-2 = S * N
               COMPUTE BIN-4 = S * N * 99 / 4
               COMPUTE BIN-8 = S * N * 12345678901
               COMPUTE NATIVO = S * N * 54321
               COMPUTE NATIVO-U = N
               COMPUTE CON-P = S * I * 1000
               MOVE FUNCTION MOD(I 100) TO VECES(1)
               MOVE FUNCTION MOD(N 100) TO VECES(2)
               MOVE 99 TO VECES(3)
               WRITE CAMPOS
           END-PERFORM
           CLOSE SALIDA
           STOP RUN.
