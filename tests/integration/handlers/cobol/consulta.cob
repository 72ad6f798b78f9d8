      *> What a COBOL program answers to Ventanilla: one question by a line, the answer by lines.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. CONSULTA.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT ENTRADA ASSIGN TO KEYBOARD
               ORGANIZATION IS LINE SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD  ENTRADA.
       01  LINEA               PIC X(120).
       WORKING-STORAGE SECTION.
       01  FIN                 PIC X VALUE "N".
       01  VERBO               PIC X(10).
       01  TIPO                PIC X(2).
       01  NUMERO              PIC X(15).
       01  OBLIGACION-PEDIDA   PIC X(12).
       01  HALLADOS            PIC 9(4) COMP VALUE 0.
       01  I                   PIC 9(4) COMP.
       01  CUANTOS             PIC Z(3)9.
       01  SALDO-ED            PIC -(10)9.99.
       01  CUOTA-ED            PIC Z(8)9.99.
       01  MORA-ED             PIC Z(3)9.
       01  DATOS.
           05  FILLER PIC X(60) VALUE
           "CC9900000001     199500000101PREGV1995021500000123456789012".
           05  FILLER PIC X(60) VALUE
           "CC9900000001     199700000902POSGC1997080100000000000000000".
           05  FILLER PIC X(60) VALUE
           "CC9900000002     199600000201PREGJ1996033100000987654300345".
       01  TABLA REDEFINES DATOS.
           05  FILA OCCURS 3 TIMES.
               10  F-TIPO      PIC X(2).
               10  F-NUMERO    PIC X(15).
               10  F-OBLIGACION PIC X(10).
               10  FILLER      PIC X(2).
               10  F-LINEA     PIC X(4).
               10  F-ESTADO    PIC X.
               10  F-GIRO      PIC X(8).
               10  F-SALDO     PIC 9(11)V99.
               10  F-MORA      PIC 9(4).
               10  FILLER      PIC X.
       PROCEDURE DIVISION.
       PRINCIPAL.
           OPEN INPUT ENTRADA
           READ ENTRADA AT END MOVE "S" TO FIN END-READ
           CLOSE ENTRADA
           IF FIN = "S"
               DISPLAY "ERR|10|SIN PREGUNTA"
               STOP RUN
           END-IF
           UNSTRING LINEA DELIMITED BY "|"
               INTO VERBO TIPO NUMERO OBLIGACION-PEDIDA
           END-UNSTRING
           EVALUATE VERBO
               WHEN "PRUEBA" DISPLAY "OK|0|20261123"
               WHEN "CONSULTA" PERFORM CONTESTAR
               WHEN OTHER DISPLAY "ERR|12|VERBO DESCONOCIDO"
           END-EVALUATE
           STOP RUN.
       CONTESTAR.
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 3
               IF F-TIPO(I) = TIPO AND F-NUMERO(I) = NUMERO
                  AND (OBLIGACION-PEDIDA = SPACES
                       OR OBLIGACION-PEDIDA = F-OBLIGACION(I))
                   ADD 1 TO HALLADOS
               END-IF
           END-PERFORM
           IF HALLADOS = 0
               DISPLAY "ERR|23|NO EXISTE"
               STOP RUN
           END-IF
           MOVE HALLADOS TO CUANTOS
           DISPLAY "OK|" FUNCTION TRIM(CUANTOS) "|20261123"
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 3
               IF F-TIPO(I) = TIPO AND F-NUMERO(I) = NUMERO
                  AND (OBLIGACION-PEDIDA = SPACES
                       OR OBLIGACION-PEDIDA = F-OBLIGACION(I))
                   MOVE F-SALDO(I) TO SALDO-ED
                   MOVE F-MORA(I) TO MORA-ED
                   DISPLAY F-OBLIGACION(I) "|" F-LINEA(I) "|"
                       F-ESTADO(I) "|" FUNCTION TRIM(SALDO-ED) "|"
                       FUNCTION TRIM(MORA-ED) "|" F-GIRO(I)
               END-IF
           END-PERFORM.
